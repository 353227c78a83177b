//! Numbers of the document: decimals that are written without a point when they are whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

/// A decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Number(pub f64);

impl Number {
    /// The number in thousandths, if it has at most three decimals and lies in `[0, largest]`.
    #[must_use]
    pub fn thousandths(self, largest: f64) -> Option<i64> {
        if !(0.0..=largest).contains(&self.0) {
            return None;
        }
        let thousandths = (self.0 * 1000.0).round();
        ((self.0 * 1000.0 - thousandths).abs() < 1e-6).then_some(thousandths as i64)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self(value)
    }
}

impl From<i32> for Number {
    fn from(value: i32) -> Self {
        Self(f64::from(value))
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        // Whole below 2^53, so the cast is exact.
        if self.0.fract() == 0.0 && self.0.abs() < 9e15 { out.serialize_i64(self.0 as i64) } else { out.serialize_f64(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_written_without_a_point() {
        assert_eq!(serde_json::to_string(&[Number(30.0), Number(0.5)]).unwrap(), "[30,0.5]");
    }

    #[test]
    fn a_fourth_decimal_and_numbers_out_of_range_have_no_thousandths() {
        assert_eq!(Number(0.125).thousandths(10.0), Some(125));
        for bad in [0.0005, -1.0, 11.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Number(bad).thousandths(10.0), None, "{bad}");
        }
    }
}
