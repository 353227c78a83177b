//! Rows summed up by family, as Markdown.

use std::fmt::Write;

use crate::Row;

/// One table for each set, in the order of the rows: a line for each family, and one for all where there are several families.
///
/// Gaps are against the best published cost, bound gaps against the proved bound; both are means over runs that keep every rule.
#[must_use]
pub fn tables(rows: &[Row]) -> String {
    let mut text = String::new();
    for set in in_order(rows.iter().map(|row| row.set.as_str())) {
        let of_set: Vec<&Row> = rows.iter().filter(|row| row.set == set).collect();
        let families = in_order(of_set.iter().map(|row| row.family.as_str()));
        let _ = writeln!(text, "### {set}\n\n{HEAD}");
        for family in &families {
            let of_family: Vec<&Row> = of_set.iter().copied().filter(|row| row.family == *family).collect();
            let _ = writeln!(text, "{}", line(family, &of_family));
        }
        if families.len() > 1 {
            let _ = writeln!(text, "{}", line("**all**", &of_set));
        }
        text.push('\n');
    }
    text
}

const HEAD: &str = "\
| family | instances | runs | feasible | mean cost | mean gap | least | greatest | mean of best runs | new best | equal | mean bound gap | proved optimal \
| CPU s | CPU s to 1 % | moves per CPU s | peak MB |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

fn line(name: &str, rows: &[&Row]) -> String {
    let instances = in_order(rows.iter().map(|row| row.instance.as_str()));
    let gaps: Vec<f64> = rows.iter().filter_map(|row| row.gap()).collect();
    let least_of = |instance: &&str| rows.iter().filter(|row| row.instance == **instance).filter_map(|row| row.gap()).reduce(f64::min);
    let best_runs: Vec<f64> = instances.iter().filter_map(least_of).collect();
    let bound_gaps: Vec<f64> = rows.iter().filter_map(|row| row.bound_gap()).collect();
    let count = |is: &dyn Fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count();
    // Several runs of an instance that beat what is published are one new best.
    let count_instances = |is: &dyn Fn(&Row) -> bool| in_order(rows.iter().filter(|row| is(row)).map(|row| row.instance.as_str())).len();
    let new = count_instances(&Row::is_new_best);
    let mean_of = |value: &dyn Fn(&Row) -> Option<f64>| mean(&rows.iter().filter_map(|row| value(row)).collect::<Vec<f64>>());
    let number = |value: Option<f64>, digits: usize| value.map_or("–".to_owned(), |value| format!("{value:.digits$}"));
    let cells = [
        name.to_owned(),
        instances.len().to_string(),
        rows.len().to_string(),
        count(&|row| row.feasible).to_string(),
        number(mean_of(&|row| row.feasible.then_some(row.cost)), 2),
        percent(mean(&gaps)),
        percent(gaps.iter().copied().reduce(f64::min)),
        percent(gaps.iter().copied().reduce(f64::max)),
        percent(mean(&best_runs)),
        new.to_string(),
        (count_instances(&|row| row.is_new_best() || row.equals_best()) - new).to_string(),
        number(mean(&bound_gaps), 2) + if bound_gaps.is_empty() { "" } else { " %" },
        count(&|row| row.proof == "optimal").to_string(),
        number(mean_of(&|row| Some(row.cpu_seconds)), 1),
        number(mean_of(&|row| row.to_one_percent.map(|(_, cpu)| cpu)), 1),
        mean_of(&Row::moves_per_cpu_second).map_or("–".to_owned(), |rate| format!("{:.2} M", rate / 1e6)),
        number(rows.iter().filter_map(|row| row.peak_megabytes).reduce(f64::max), 0),
    ];
    format!("| {} |", cells.join(" | "))
}

/// With its sign.
pub(crate) fn percent(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{:+.3} %", rounded(value)))
}

/// To three decimals, and no zero below zero.
fn rounded(percent: f64) -> f64 {
    (percent * 1000.0).round() / 1000.0 + 0.0
}

/// Each name once, in the order of the first of each.
pub fn in_order<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The mean; `None` of nothing.
pub(crate) fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::tests::row;

    fn cells(text: &str, name: &str) -> Vec<String> {
        let line = text.lines().find(|line| line.starts_with(&format!("| {name} |"))).unwrap_or_else(|| panic!("no {name} in\n{text}"));
        line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
    }

    #[test]
    fn families_are_summed_up() {
        let run = |family: &str, instance: &str, cost: f64| Row { family: family.into(), instance: instance.into(), cost, ..row() };
        // Published is 100: gaps of -1, +1, +4 and 0 percent; "a" beats it in its first run.
        let rows = [run("A", "a", 99.0), run("A", "a", 101.0), run("A", "b", 104.0), run("B", "c", 100.0)];
        let text = tables(&rows);
        let a = cells(&text, "A");
        assert_eq!(a[1..9], ["2", "3", "3", "101.33", "+1.333 %", "-1.000 %", "+4.000 %", "+1.500 %"].map(str::to_owned));
        assert_eq!(a[9..11], ["1", "0"].map(str::to_owned), "one new best, and none more is equal");
        assert_eq!(cells(&text, "B")[9..11], ["0", "1"].map(str::to_owned));
        let all = cells(&text, "**all**");
        // (-1 + 1 + 4 + 0) / 4 over runs, (-1 + 4 + 0) / 3 over the best ones.
        assert_eq!((all[5].as_str(), all[8].as_str(), all[15].as_str()), ("+1.000 %", "+1.000 %", "0.00 M"));
    }

    #[test]
    fn what_is_not_known_is_a_dash() {
        let text = tables(&[Row { best: None, bound: None, to_one_percent: None, peak_megabytes: None, cpu_seconds: 0.0, ..row() }]);
        let cells = cells(&text, "small");
        assert_eq!([&cells[5], &cells[11], &cells[14], &cells[15], &cells[16]], ["–"; 5]);
        assert!(!text.contains("**all**"));
        assert_eq!(tables(&[]), "");
    }

    #[test]
    fn a_gap_that_is_noise_has_no_sign() {
        assert_eq!(cells(&tables(&[Row { cost: 99.9999, ..row() }]), "small")[5], "+0.000 %");
    }

    #[test]
    fn head_and_lines_have_as_many_cells() {
        let text = tables(&[row()]);
        let counts: Vec<usize> = text.lines().filter(|line| line.starts_with('|')).map(|line| line.matches('|').count()).collect();
        assert_eq!(counts, [18, 18, 18]);
    }

    #[test]
    fn runs_that_break_rules_count_but_have_no_gap() {
        let text = tables(&[row(), Row { feasible: false, cost: 1.0, ..row() }]);
        assert_eq!(cells(&text, "small")[2..6], ["2", "1", "99.00", "-1.000 %"].map(str::to_owned));
    }
}
