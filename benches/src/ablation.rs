//! What each ingredient of the solver is worth: the same runs without one of them.

use std::fmt::Write;

use kendt_solver::problem::Problem;
use kendt_solver::solve::Ingredients;

use crate::markdown::{mean, percent};
use crate::row::ROUNDING;
use crate::{Campaign, Row};

/// The campaign as it is, then without each thing that the problem has a use for, then with one thread where there are several.
#[must_use]
pub fn variants(whole: &Campaign, problem: &Problem) -> Vec<Campaign> {
    let of_use = Ingredients::of_use(problem);
    let is_in = |ingredient: Ingredients| of_use.has(ingredient) && !whole.without.has(ingredient);
    let is_shared = |ingredient: Ingredients| ingredient != Ingredients::EXCHANGE || whole.threads > 1;
    let ingredients = Ingredients::each().map(|(_, ingredient)| ingredient).filter(|&ingredient| is_in(ingredient) && is_shared(ingredient));
    let mut variants = vec![whole.clone()];
    variants.extend(whole.recombine.then(|| Campaign { recombine: false, ..whole.clone() }));
    variants.extend(ingredients.map(|ingredient| Campaign { without: whole.without.and(ingredient), ..whole.clone() }));
    variants.extend((whole.threads > 1).then(|| Campaign { threads: 1, ..whole.clone() }));
    variants
}

/// The runs of the campaign as it is: those that are like the first.
#[must_use]
pub fn whole(rows: &[Row]) -> Vec<Row> {
    rows.iter().filter(|row| rows.first().is_some_and(|first| is_same_variant(row, first))).cloned().collect()
}

const HEAD: &str = "\
| variant | runs | feasible | mean gap | full on the same runs | cost against full | standard error | better | equal | worse | CPU s | moves per CPU s |
|---|---|---|---|---|---|---|---|---|---|---|---|";

/// A line for each variant, in the order of the rows; the first is the full solver.
///
/// Gaps are against the best published cost. *Cost against full* is the mean, over instances and seeds that both solved within the rules, of
/// the variant's cost in percent of the full solver's, less 100; *better* and *worse* count these pairs.
#[must_use]
pub fn table(rows: &[Row]) -> String {
    let mut text = format!("{HEAD}\n");
    let Some(first) = rows.first() else { return text };
    let full: Vec<&Row> = rows.iter().filter(|row| is_same_variant(row, first)).collect();
    let mut seen: Vec<&Row> = Vec::new();
    for row in rows {
        if !seen.iter().any(|other| is_same_variant(row, other)) {
            seen.push(row);
            let own: Vec<&Row> = rows.iter().filter(|other| is_same_variant(row, other)).collect();
            let _ = writeln!(text, "{}", line(&name(row, first), &own, &full));
        }
    }
    text
}

fn is_same_variant(one: &Row, other: &Row) -> bool {
    (one.threads, &one.without) == (other.threads, &other.without)
}

fn name(row: &Row, first: &Row) -> String {
    if row.threads != first.threads {
        format!("{} thread{}", row.threads, if row.threads == 1 { "" } else { "s" })
    } else if row.without.is_empty() {
        "full".to_owned()
    } else {
        format!("without {}", row.without.join(", "))
    }
}

fn line(name: &str, own: &[&Row], full: &[&Row]) -> String {
    let twin = |row: &Row| full.iter().find(|other| (&other.set, &other.instance, other.seed) == (&row.set, &row.instance, row.seed));
    let pairs: Vec<(&Row, &Row)> = own.iter().filter_map(|row| Some((*row, *twin(row)?))).collect();
    let is_sound = |(row, full): &&(&Row, &Row)| row.feasible && full.feasible && full.cost != 0.0;
    let sound: Vec<&(&Row, &Row)> = pairs.iter().filter(is_sound).collect();
    let differences: Vec<f64> = sound.iter().map(|(row, full)| 100.0 * (row.cost - full.cost) / full.cost.abs()).collect();
    let count = |is: &dyn Fn(f64) -> bool| sound.iter().filter(|(row, full)| is(row.cost - full.cost)).count().to_string();
    let gaps = |rows: &mut dyn Iterator<Item = &Row>| percent(mean(&rows.filter_map(Row::gap).collect::<Vec<f64>>()));
    let rate = mean(&own.iter().filter_map(|row| row.moves_per_cpu_second()).collect::<Vec<f64>>());
    let cells = [
        name.to_owned(),
        own.len().to_string(),
        own.iter().filter(|row| row.feasible).count().to_string(),
        gaps(&mut own.iter().copied()),
        gaps(&mut pairs.iter().map(|(_, full)| *full)),
        percent(mean(&differences)),
        standard_error(&differences).map_or("–".to_owned(), |error| format!("{error:.3} %")),
        count(&|difference| difference < -ROUNDING),
        count(&|difference| difference.abs() <= ROUNDING),
        count(&|difference| difference > ROUNDING),
        format!("{:.1}", own.iter().map(|row| row.cpu_seconds).sum::<f64>() / own.len() as f64),
        rate.map_or("–".to_owned(), |rate| format!("{:.2} M", rate / 1e6)),
    ];
    format!("| {} |", cells.join(" | "))
}

/// Of the mean of these values, by their spread; `None` of fewer than two.
fn standard_error(values: &[f64]) -> Option<f64> {
    let mean = mean(values).filter(|_| values.len() > 1)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((squares / (values.len() - 1) as f64 / values.len() as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use kendt_solver::stop::Meter;

    use super::*;
    use crate::row::tests::row;

    const TEXT: &str = "T\nVEHICLE\nNUMBER CAPACITY\n2 9\nCUSTOMER\nCUST NO.\n0 0 0 0 0 99 0\n1 3 4 5 6 70 8\n2 6 8 2 0 80 5\n";

    fn campaign(threads: usize) -> Campaign {
        Campaign {
            time: None,
            small_time: None,
            meter: Meter::Wall,
            iterations: Some(9),
            threads,
            recombine: true,
            without: Ingredients::default(),
            prove: false,
            bound_share: 0.1,
        }
    }

    fn named(variants: &[Campaign]) -> Vec<(usize, String)> {
        variants.iter().map(|variant| (variant.threads, variant.left_out().join(" "))).collect()
    }

    #[test]
    fn each_variant_lacks_one_thing_that_the_problem_has_a_use_for() {
        // Two customers that must be served, without links or breaks.
        let problem = kendt_instances::read(TEXT, None, "t").unwrap().problem;
        let pairs = |threads: usize, names: &[&str]| names.iter().map(|name| (threads, (*name).to_owned())).collect::<Vec<_>>();
        let alone = ["", "recombination", "relocate", "swap", "tails", "carers", "ruin", "foresight"];
        assert_eq!(named(&variants(&campaign(1), &problem)), pairs(1, &alone));
        let shared = [pairs(2, &alone), pairs(2, &["exchange"]), pairs(1, &[""])].concat();
        assert_eq!(named(&variants(&campaign(2), &problem)), shared);
        let poor = Campaign { recombine: false, without: Ingredients::RUIN, ..campaign(1) };
        let names = ["recombination ruin", "recombination relocate ruin", "recombination swap ruin"];
        assert_eq!(named(&variants(&poor, &problem))[..3], pairs(1, &names));
    }

    #[test]
    fn variants_are_held_against_the_full_solver_pair_by_pair() {
        // 100 is published. Full: 100 and 102; without swap: 101 and 102, so 1 % more once; without tails the second run breaks rules.
        let run = |seed: u64, without: &[&'static str], cost: f64| Row { seed, without: without.to_vec(), cost, ..row() };
        let rows = [
            run(1, &[], 100.0),
            run(1, &["swap"], 101.0),
            run(1, &["tails"], 98.0),
            run(2, &[], 102.0),
            run(2, &["swap"], 102.0),
            Row { feasible: false, ..run(2, &["tails"], 1.0) },
            Row { threads: 1, ..run(1, &[], 102.0) },
        ];
        let text = table(&rows);
        let lines: Vec<&str> = text.lines().skip(2).collect();
        assert_eq!(lines[0], "| full | 2 | 2 | +1.000 % | +1.000 % | +0.000 % | 0.000 % | 0 | 2 | 0 | 4.0 | 0.00 M |");
        assert_eq!(lines[1], "| without swap | 2 | 2 | +1.500 % | +1.000 % | +0.500 % | 0.500 % | 0 | 1 | 1 | 4.0 | 0.00 M |");
        assert_eq!(lines[2], "| without tails | 2 | 1 | -2.000 % | +1.000 % | -2.000 % | – | 1 | 0 | 0 | 4.0 | 0.00 M |");
        assert_eq!(lines[3], "| 1 thread | 1 | 1 | +2.000 % | +0.000 % | +2.000 % | – | 0 | 0 | 1 | 4.0 | 0.00 M |");
        assert_eq!(lines.len(), 4);
        assert_eq!(whole(&rows).iter().map(|row| row.seed).collect::<Vec<_>>(), [1, 2]);
        assert!(text.lines().all(|line| line.matches('|').count() == 13), "{text}");
    }

    #[test]
    fn of_no_rows_there_is_only_a_head() {
        assert_eq!((table(&[]), whole(&[])), (format!("{HEAD}\n"), vec![]));
    }
}
