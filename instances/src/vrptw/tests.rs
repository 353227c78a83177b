use kendt_solver::cost::evaluate;
use kendt_solver::problem::{Moment, ShiftId, Term, Ticks, VisitId};

use crate::{Format, Instance, read};

/// A depot and three customers: 5 away, sqrt(2) away, and 10 away.
const TEXT: &str = "\
TINY

VEHICLE
NUMBER     CAPACITY
  3         200

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0         0          0          0        100          0
    1      3         4         10         20         30         10
    2      1         1         30          0         50          5
    3      6         8         40         60         70         10
";
const PLAN: &str = "Route #1: 1 3\nRoute #2: 2\nCost 22.8\n";

fn instance() -> Instance {
    read(TEXT, None, "unnamed").unwrap()
}

#[test]
fn times_and_truncated_distances_are_in_tenths() {
    let Instance { problem, format, .. } = instance();
    assert_eq!((format, problem.name(), problem.visits().len()), (Format::Vrptw, "TINY", 3));
    assert_eq!(*problem.travel().table(problem.mode(ShiftId::new(0))), [0, 50, 14, 100, 50, 0, 36, 50, 14, 36, 0, 86, 100, 50, 86, 0]);
    let visit = &problem.visits()[VisitId::new(0)];
    assert_eq!((visit.duration, visit.load, visit.windows[0].close), (Ticks(100), 10, Moment(300)));
    assert!(problem.shifts().iter().all(|shift| (shift.end, shift.capacity) == (Moment(1000), Some(200))));
}

#[test]
fn a_plan_costs_its_travel_and_is_as_early_as_it_can_be() {
    let instance = instance();
    let plan = instance.read_plan(PLAN).unwrap();
    let objective = instance.problem.objective();
    let sum = evaluate(&instance.problem, &plan);
    // 5 + 5 + 10 and 1.4 + 1.4.
    assert_eq!((sum.quantity(Term::Travel), sum.quantity(Term::Lateness)), (228, 0));
    assert!((objective.reported(sum.cost(objective)) - 22.8).abs() < 1e-9);
    let route = &plan.routes[ShiftId::new(0)];
    assert_eq!(route.stops.iter().map(|stop| stop.start).collect::<Vec<_>>(), [Moment(200), Moment(600)]);
    assert_eq!((route.departure, route.back), (Moment(150), Moment(800)));
}

#[test]
fn a_written_plan_reads_back_the_same() {
    let instance = instance();
    let plan = instance.read_plan(PLAN).unwrap();
    assert_eq!(instance.write_plan(&plan), PLAN);
    assert_eq!(instance.read_plan(PLAN).unwrap(), plan);
}

#[test]
fn every_fault_names_its_line() {
    for (good, bad, at) in [
        ("VEHICLE", "WAGON", "the file"),
        ("CUSTOMER", "PEOPLE", "the file"),
        ("  3         200", "  3", "line 5"),
        ("  3         200", "  many    200", "line 5, the number of vehicles"),
        ("  3         200", "  99999   200", "line 5"),
        ("  3         200", "  3   -2", "line 5, the capacity"),
        ("    1      3  ", "    1    NaN  ", "line 11"),
        ("    1      3  ", "    1    1e99 ", "line 11"),
        ("    1      3  ", "    2      3  ", "visit 2"),
        ("         10         20         30         10", "         10         20         30", "line 11"),
        ("         10         20         30         10", "        1.5         20         30         10", "line 11, the demand"),
        ("         10         20         30         10", "         10        inf         30         10", "line 11, the ready time"),
        ("         10         20         30         10", "         10         20      30.25         10", "line 11, the due date"),
        ("         10         20         30         10", "         10         40         30         10", "visit 1"),
        ("         10         20         30         10", "         10         20         30        -10", "line 11, the service time"),
    ] {
        assert!(TEXT.contains(good), "{good}");
        let faults = read(&TEXT.replacen(good, bad, 1), Some(Format::Vrptw), "").unwrap_err().faults;
        assert!(faults.iter().any(|fault| fault.at == at), "{bad}: {faults:?}");
    }
    let no_depot = &TEXT[..TEXT.find("    0 ").unwrap()];
    assert_eq!(read(no_depot, None, "").unwrap_err().faults[0].what, "lists no depot");
}

#[test]
fn faults_of_a_plan_name_their_line() {
    for (text, at) in [
        ("Route #1: 1\nRoute #2: 7", "line 2"),
        ("Tour 1: 1", "line 1"),
        ("Route #1 1 2", "line 1"),
        ("Route #1: 1\nRoute #2: 2\nRoute #3: 3\nRoute #4: 3", "the file"),
    ] {
        assert_eq!(instance().read_plan(text).unwrap_err().faults[0].at, at, "{text}");
    }
}
