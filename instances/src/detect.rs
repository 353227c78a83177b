//! Telling the formats apart.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::{Format, hconvrp};

/// How the `format` of Kendt's own files begins.
const DISTRICT: &str = "kendt-district";

/// The fields of a JSON file's outermost object that tell its format; what is in them is skipped.
#[derive(Deserialize, Default)]
struct Marks {
    format: Option<String>,
    terminal_points: Option<IgnoredAny>,
    patients: Option<IgnoredAny>,
    citizens: Option<IgnoredAny>,
    base: Option<IgnoredAny>,
}

/// The format of a text, from its distinguishing marks; `None` if it looks like none of them.
///
/// Broken JSON is still told by the names in it, so that its reader can say where it breaks.
#[must_use]
pub fn detect(text: &str) -> Option<Format> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('{') {
        let marks = serde_json::from_str(text).unwrap_or_else(|_| marks_of_broken(text));
        return of_marks(&marks);
    }
    if hconvrp::is_like(text) {
        return Some(Format::Hconvrp);
    }
    looks_like_solomon(text).then_some(Format::Vrptw)
}

fn of_marks(marks: &Marks) -> Option<Format> {
    if marks.format.as_deref().is_some_and(|format| format.starts_with(DISTRICT)) {
        Some(Format::District)
    } else if marks.terminal_points.is_some() {
        Some(Format::Uhhc)
    } else if marks.patients.is_some() {
        Some(Format::Hhcrsp)
    } else if marks.citizens.is_some() && marks.base.is_some() {
        Some(Format::Peerday)
    } else if marks.citizens.is_some() {
        Some(Format::District)
    } else {
        None
    }
}

fn marks_of_broken(text: &str) -> Marks {
    let has = |name: &str| text.contains(name).then_some(IgnoredAny);
    let format = has(&format!("\"{DISTRICT}")).map(|_| DISTRICT.to_owned());
    Marks { format, terminal_points: has("\"terminal_points\""), patients: has("\"patients\""), citizens: has("\"citizens\""), base: has("\"base\"") }
}

/// Solomon's text has the lines `VEHICLE` and `CUSTOMER`, the first near the top.
fn looks_like_solomon(text: &str) -> bool {
    let is = |line: &str, word: &str| line.trim().eq_ignore_ascii_case(word);
    let mut lines = text.lines();
    lines.by_ref().take(10).any(|line| is(line, "VEHICLE")) && lines.take(10).any(|line| is(line, "CUSTOMER"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_is_told_from_its_marks() {
        for (text, format) in [
            (r#"{"patients": [], "caregivers": []}"#, Some(Format::Hhcrsp)),
            (r#" {"patients": [], "terminal_points": []}"#, Some(Format::Uhhc)),
            (r#"{"citizens": [{"label": "\"patients\""}]}"#, Some(Format::District)),
            (r#"{"citizens": [], "base": [10, 10]}"#, Some(Format::Peerday)),
            (r#"{"citizens": [], "base": [10, 10}"#, Some(Format::Peerday)),
            (r#"{"format": "kendt-district/1", "citizens": [], "base": 1}"#, Some(Format::District)),
            (r#"{"format": "kendt-district/1", "patients": []}"#, Some(Format::District)),
            (r#"{"format": "kendt-district/1", "visits": [}"#, Some(Format::District)),
            (r#"{"patients": [}"#, Some(Format::Hhcrsp)),
            ("C1\n\nVEHICLE\nNUMBER CAPACITY\n1 1\n\nCUSTOMER\n", Some(Format::Vrptw)),
            ("NAME x\nMAXTIME 1\nDAYS 1\n\nFLEET SIZE 1\n\nCUSTOMERDEMANDS\n", Some(Format::Hconvrp)),
            ("{}", None),
            ("[1, 2]", None),
            ("", None),
            ("VEHICLE", None),
        ] {
            assert_eq!(detect(text), format, "{text}");
        }
    }
}
