//! Measures of one citizen's sequence of carers.

use std::collections::BTreeMap;

use crate::problem::CarerId;

/// Indices of a sequence of N >= 2 visits, of which `n_i` are by carer `i` of M. The first four as in BMC Health Services Research
/// (doi 10.1186/s12913-022-07953-z), table 2; the entropy is Shannon's, and that it is in bits is our choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indices {
    /// Usual provider of care: the largest `n_i` / N, in (0, 1].
    pub upc: f64,
    /// Continuity of care (Bice and Boxerman): the share of pairs of different visits that have the same carer, in [0, 1].
    pub coc: f64,
    /// Sequential continuity: the share of visits, but the first, by the carer of the visit before, in [0, 1].
    pub secon: f64,
    /// Modified modified continuity index: (1 - M / (N + 0.1)) / (1 - 1 / (N + 0.1)), in [0, 1].
    pub mmci: f64,
    /// Entropy of the carers' shares in bits: 0 for one carer, log2 M for M carers who come equally often.
    pub entropy: f64,
}

impl Indices {
    /// The weighted mean of each index; `None` where the weights sum to 0.
    pub(super) fn mean(weighted: impl Iterator<Item = (Self, f64)>) -> Option<Self> {
        let (mut sums, mut total) = ([0.0; 5], 0.0);
        for (one, weight) in weighted {
            total += weight;
            for (sum, value) in sums.iter_mut().zip([one.upc, one.coc, one.secon, one.mmci, one.entropy]) {
                *sum += weight * value;
            }
        }
        let [upc, coc, secon, mmci, entropy] = sums.map(|sum| sum / total);
        (total > 0.0).then_some(Self { upc, coc, secon, mmci, entropy })
    }
}

/// Number of different carers.
#[must_use]
pub fn distinct_carers(carers: &[CarerId]) -> usize {
    counts(carers).len()
}

/// The indices of a sequence of carers in order of their visits' starts; `None` for fewer than two visits, of which none says anything
/// about continuity.
#[must_use]
pub fn indices(carers: &[CarerId]) -> Option<Indices> {
    if carers.len() < 2 {
        return None;
    }
    let n = carers.len() as f64;
    let counts = counts(carers);
    let most = counts.values().copied().max().unwrap_or(0) as f64;
    let pairs: usize = counts.values().map(|count| count * (count - 1)).sum();
    let repeats = carers.windows(2).filter(|pair| pair[0] == pair[1]).count() as f64;
    let shares = counts.values().map(|&count| count as f64 / n);
    Some(Indices {
        upc: most / n,
        coc: pairs as f64 / (n * (n - 1.0)),
        secon: repeats / (n - 1.0),
        mmci: (1.0 - counts.len() as f64 / (n + 0.1)) / (1.0 - 1.0 / (n + 0.1)),
        // Adding 0 makes of the negative zero of a single carer a plain one.
        entropy: 0.0 - shares.map(|share| share * share.log2()).sum::<f64>(),
    })
}

fn counts(carers: &[CarerId]) -> BTreeMap<CarerId, usize> {
    let mut counts = BTreeMap::new();
    for &carer in carers {
        *counts.entry(carer).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(letters: &str) -> Vec<CarerId> {
        letters.bytes().map(|letter| CarerId::new(usize::from(letter - b'A'))).collect()
    }

    #[test]
    fn known_sequences_have_their_values() {
        for (letters, carers, [coc, upc, secon, mmci, entropy]) in [
            ("AAABC", 3, [0.3000, 0.6000, 0.5000, 0.5122, 1.3710]),
            ("ABABAB", 2, [0.4000, 0.5000, 0.0000, 0.8039, 1.0000]),
            ("AAAAAA", 1, [1.0000, 1.0000, 1.0000, 1.0000, 0.0000]),
            ("ABCDEF", 6, [0.0000, 0.1667, 0.0000, 0.0196, 2.5850]),
            ("AABBCC", 3, [0.2000, 0.3333, 0.6000, 0.6078, 1.5850]),
            ("AAAAAAAAAABBBBCCDE", 5, [0.3399, 0.5556, 0.7647, 0.7661, 1.7689]),
        ] {
            let carers_of = sequence(letters);
            assert_eq!(distinct_carers(&carers_of), carers, "{letters}");
            let found = indices(&carers_of).expect("more than one visit");
            let found = [found.coc, found.upc, found.secon, found.mmci, found.entropy].map(|value| format!("{value:.4}"));
            assert_eq!(found, [coc, upc, secon, mmci, entropy].map(|value: f64| format!("{value:.4}")), "{letters}");
        }
    }

    #[test]
    fn fewer_than_two_visits_have_no_index() {
        assert_eq!((distinct_carers(&[]), indices(&[])), (0, None));
        assert_eq!((distinct_carers(&sequence("A")), indices(&sequence("A"))), (1, None));
    }

    #[test]
    fn the_mean_is_weighted() {
        let (same, other) = (indices(&sequence("AA")).expect("two visits"), indices(&sequence("AB")).expect("two visits"));
        let mean = Indices::mean([(same, 3.0), (other, 1.0)].into_iter()).expect("some weight");
        assert!((mean.coc - 0.75).abs() < 1e-12 && (mean.upc - 0.875).abs() < 1e-12);
        assert_eq!(Indices::mean(std::iter::empty()), None);
    }
}
