use kendt_solver::check::check;
use kendt_solver::cost::evaluate;
use kendt_solver::problem::{CarerId, ShiftId, Term, VisitId};
use kendt_solver::solve::{SolveOptions, solve};
use kendt_solver::stop::StopToken;

use crate::{Format, Instance, read};

/// Three customers 5, 10 and 13 away; the first comes twice. A dear large vehicle and a small one.
const TEXT: &str = "\
NAME Tiny

MAXTIME 100
DAYS 2

FLEET SIZE 2
VEHICLE TYPES 2
TYPE1 1 20 130 5 1
TYPE2 1 9 100 2.5 1

CUSTOMERS 4

DEPOT 0 0

CUSTOMERCOORDINATES
3 4 1
6 8 2
-5 12 0 3

CUSTOMERDEMANDS
1 3 4
2 6 0
3 -1 5
";
const COMPATIBILITY: &str = "COMPATIBILITY RESTRICTIONS\n1 1 1\n2 1 0\n3 1 1\n";
const PLAN: &str = "Day 1 vehicle 1: 2 1\nDay 2 vehicle 1: 1 3\nCost 545.66\n";

fn instance() -> Instance {
    read(TEXT, None, "unnamed").unwrap()
}

#[test]
fn days_vehicles_and_demands_are_read() {
    let Instance { problem, format, .. } = instance();
    assert_eq!((format, problem.name()), (Format::Hconvrp, "Tiny"));
    assert_eq!((problem.carers().len(), problem.shifts().len(), problem.visits().len()), (2, 4, 4));
    assert_eq!(
        problem.visits().iter().map(|visit| (visit.load, visit.duration.0)).collect::<Vec<_>>(),
        [(3, 10_000), (4, 10_000), (6, 20_000), (5, 30_000)]
    );
    assert_eq!([problem.travel_price(ShiftId::new(0)), problem.travel_price(ShiftId::new(2))], [50, 25]);
    assert_eq!(problem.able_shifts(VisitId::new(1)).len(), 2, "on its own day only");
}

#[test]
fn a_plan_costs_its_vehicles_by_the_day_and_its_way() {
    let instance = instance();
    let plan = instance.read_plan(PLAN).unwrap();
    let sum = evaluate(&instance.problem, &plan);
    let reported = |term: Term| sum.quantity(term) as f64 / 1e5;
    assert!((reported(Term::ShiftUse) - 260.0).abs() < 1e-9);
    // 20 on the first day; 5, the root of 128 and 13 on the second.
    let way = 20.0 + 5.0 + 128_f64.sqrt() + 13.0;
    assert!((reported(Term::Travel) - 5.0 * way).abs() < 0.001);
    assert!(check(&instance.problem, &plan).is_feasible());
    let text = instance.write_plan(&plan);
    assert!(text.starts_with("Day 1 vehicle 1: 2 1\nDay 2 vehicle 1: 1 3\nCost "), "{text}");
    assert_eq!(instance.read_plan(&text).unwrap(), plan);
}

#[test]
fn a_customer_has_one_vehicle() {
    let instance = instance();
    let plan = instance.read_plan("Day 1 vehicle 1: 2 1\nDay 2 vehicle 2: 1 3\n").unwrap();
    let rules: Vec<&str> = check(&instance.problem, &plan).violations.iter().map(|violation| violation.rule).collect();
    assert_eq!(rules, ["above_cap"]);
}

#[test]
fn an_incompatible_vehicle_may_not_come() {
    let problem = read(&format!("{TEXT}{COMPATIBILITY}"), None, "").unwrap().problem;
    assert_eq!(problem.visits()[VisitId::new(2)].allowed, Some(vec![CarerId::new(0)]));
    assert_eq!(problem.able_shifts(VisitId::new(2)).len(), 1);
    let short = COMPATIBILITY.replace("3 1 1", "3 1");
    let problem = read(&format!("{TEXT}{short}"), None, "").unwrap().problem;
    assert_eq!(problem.visits()[VisitId::new(3)].allowed, Some(vec![CarerId::new(0)]));
}

#[test]
fn the_best_plan_of_a_tiny_instance_is_found() {
    let instance = instance();
    let options = SolveOptions { iterations: Some(50_000), time_limit: None, ..SolveOptions::default() };
    let outcome = solve(&instance.problem, None, &options, &StopToken::default(), &mut |_| {});
    assert!(outcome.feasible && check(&instance.problem, &outcome.plan).is_feasible());
    // The small vehicle holds both loads of both days at 100 a day.
    let way = 20.0 + 5.0 + 128_f64.sqrt() + 13.0;
    assert!((instance.problem.objective().reported(outcome.cost) - 200.0 - 2.5 * way).abs() < 0.001);
}

#[test]
fn every_fault_names_its_line() {
    for (good, bad, at) in [
        ("MAXTIME 100", "MAXTIME soon", "line 3, the longest route"),
        ("MAXTIME 100", "", "the file"),
        ("DAYS 2", "DAYS 99", "line 4, the number of days"),
        ("TYPE1 1 20 130 5 1", "TYPE1 1 20 130 5", "line 8"),
        ("TYPE1 1 20 130 5 1", "TYPE1 1 20 130 5 0", "line 8"),
        ("TYPE1 1 20 130 5 1", "TYPE1 1 20 130 5.25 1", "line 8, the variable cost"),
        ("TYPE1 1 20 130 5 1", "TYPE1 1 20 130 5 1.01", "line 8"),
        ("TYPE1 1 20 130 5 1", "TYPE1 -1 20 130 5 1", "line 8, the number of vehicles"),
        ("VEHICLE TYPES 2", "VEHICLE TYPES 3", "the file"),
        ("CUSTOMERS 4", "CUSTOMERS 5", "the file"),
        ("DEPOT 0 0", "DEPOT 0 north", "line 13"),
        ("3 4 1", "3 NaN 1", "line 16"),
        ("3 4 1", "3 4", "line 16"),
        ("6 8 2", "6 8 -2", "line 17, the service time"),
        ("1 3 4", "1 3", "line 21"),
        ("1 3 4", "1 3 -2", "line 21, day 2"),
        ("2 6 0", "3 6 0", "line 22"),
        ("3 -1 5\n", "", "the file"),
        ("CUSTOMERDEMANDS", "DEMANDS", "line 20"),
    ] {
        assert!(TEXT.contains(good), "{good}");
        let faults = read(&TEXT.replacen(good, bad, 1), Some(Format::Hconvrp), "").unwrap_err().faults;
        assert!(faults.iter().any(|fault| fault.at == at), "{bad}: {faults:?}");
    }
}

#[test]
fn faults_of_a_plan_name_their_line() {
    for (text, at) in [
        ("Day 1 vehicle 1: 1\nDay 2 vehicle 1: 2", "line 2"),
        ("Day 1 vehicle 3: 1", "line 1"),
        ("Day 3 vehicle 1: 1", "line 1"),
        ("Tour 1: 1", "line 1"),
        ("Day 1 vehicle 1: 1\nDay 1 vehicle 1: 2", "line 2"),
    ] {
        assert_eq!(instance().read_plan(text).unwrap_err().faults[0].at, at, "{text}");
    }
}
