//! Wishes and slack as prices, and their faults.

use super::*;

#[test]
fn wishes_are_prices_at_the_visits_they_are_about() {
    let mut district = week();
    district.wishes = serde_json::from_str(
        r#"[
          {"id": "w1", "wants": {"type": "time", "citizen": "c1", "course": "g1/morning", "from": "09:00", "until": "09:30"}, "weight": 2},
          {"id": "w2", "wants": {"type": "not_carer", "citizen": "c1", "carer": "k2"}, "requested_by": "relative"},
          {"id": "w3", "wants": {"type": "carer", "citizen": "c3", "carer": "k1"}},
          {"id": "w4", "wants": {"type": "hours", "carer": "k1", "until": "10:00"}, "requested_by": "carer"},
          {"id": "w5", "wants": {"type": "fewer_carers", "citizen": "c1", "most": 2}},
          {"id": "w6", "wants": {"type": "same_time", "citizen": "c3"}}
        ]"#,
    )
    .unwrap();
    let problem = district.problem().unwrap();
    let (unit, minute) = (problem.objective().denominator, problem.clock().ticks_per_minute);
    let wish = visit(&problem, BATH).1.preference.unwrap();
    // Thursday is day 4; a minute costs twice the usual 1.
    assert_eq!(
        (wish.from, wish.until, wish.early * minute / unit, wish.late * minute / unit),
        (at("33:00") + Ticks(2 * 86_400), at("33:30") + Ticks(2 * 86_400), 2, 2)
    );
    let fees = |label: &str| visit(&problem, label).1.carer_costs.iter().map(|&(carer, fee)| (carer.idx(), fee / unit)).collect::<Vec<_>>();
    // Nobody else than k1 at c3, not k2 at c1.
    assert_eq!(fees("g5/2026-11-23/morning"), [(1, 10)]);
    assert_eq!(fees(BATH), [(1, 60)]);
    assert_eq!(fees("g3/2026-11-23/noon"), [(1, 60)]);
    // Every shift of k1 is to end its visits by ten; nobody asked k2.
    let hours = |carer: usize| problem.shifts().iter().filter(|shift| shift.carer.idx() == carer).map(|shift| shift.hours).collect::<Vec<_>>();
    let by_ten = |shift: &kendt_solver::problem::Hours| (shift.until.0.rem_euclid(86_400), shift.cost / unit);
    assert!(hours(0).iter().all(|hours| hours.as_ref().map(by_ten) == Some((36_000, 15))) && hours(1).iter().all(Option::is_none));
    assert_eq!(problem.citizens().iter().next().unwrap().cap, Some(2));
    // The middle of 07:00 to 10:30.
    let usual = visit(&problem, "g5/2026-11-23/morning").1.preference.unwrap();
    assert_eq!((usual.from, usual.until), (at("08:45"), at("08:45")));
}

#[test]
fn slack_is_what_the_policy_asks_for_and_what_carers_wish_for_beside_it() {
    let mut district = week();
    assert!(district.problem().unwrap().shifts().iter().all(|shift| shift.slack == kendt_solver::problem::Slack::default()));
    (district.policy.slack.free_minutes, district.policy.slack.longest_chain) = (Number(30.0), Some(5));
    district.wishes = serde_json::from_str(
        r#"[
          {"id": "w1", "wants": {"type": "slack", "carer": "k1", "free_minutes": 45, "buffer_minutes": 2.5, "day": 1}, "weight": 2, "requested_by": "carer"},
          {"id": "w2", "wants": {"type": "slack", "carer": "k1", "longest_chain": 3}, "requested_by": "carer"}
        ]"#,
    )
    .unwrap();
    let problem = district.problem().unwrap();
    let (unit, minute) = (problem.objective().denominator, problem.clock().ticks_per_minute);
    // By shift: the carer, the day, free time, its price a minute, the buffer in ticks, the chain, a pause and what each visit more costs.
    let row = |shift: &kendt_solver::problem::Shift| {
        let chain = shift.slack.chain.unwrap();
        let price = (shift.slack.free_cost * minute) as f64 / unit as f64;
        (
            shift.carer.idx(),
            shift.start.0 / 86_400 + 1,
            shift.slack.free.0 / minute,
            price,
            shift.slack.buffer.0,
            chain.visits,
            chain.pause.0,
            chain.cost / unit,
        )
    };
    let rows: Vec<_> = problem.shifts().iter().map(row).collect();
    for (carer, day, free, price, buffer, chain, pause, cost) in rows {
        let own = match (carer, day) {
            (0, 1) => (45, 1.0, 150, 3),
            (0, _) => (30, 0.5, 0, 3),
            _ => (30, 0.5, 0, 5),
        };
        assert_eq!(((free, price, buffer, chain), (pause, cost)), (own, (600, 10)), "carer {carer} on day {day}");
    }
    district.policy.slack.pause_minutes = Number(0.0);
    district.policy.slack.per_free_minute = Number(-1.0);
    district.wishes = serde_json::from_str(r#"[{"id": "w", "wants": {"type": "slack", "carer": "k9", "longest_chain": 0, "day": 8}}, {"id": "v", "wants": {"type": "slack", "carer": "k1"}}]"#).unwrap();
    let at: Vec<String> = district.problem().unwrap_err().faults.iter().map(|fault| fault.at.clone()).collect();
    let expected = [
        "/policy/slack/pause_minutes",
        "/policy/slack/per_free_minute",
        "/wishes/0/wants/carer",
        "/wishes/0/wants/longest_chain",
        "/wishes/0/wants/day",
        "/wishes/1/wants",
    ];
    assert!(expected.iter().all(|place| at.iter().any(|found| found == place)) && at.len() == expected.len(), "{at:?}");
}

#[test]
fn every_fault_of_a_wish_has_its_place() {
    let mut district = week();
    district.policy.wishes.carer = Number(-1.0);
    district.wishes = serde_json::from_str(
        r#"[
          {"id": "w", "wants": {"type": "time", "citizen": "c9", "from": "9", "until": "08:00"}, "weight": 11},
          {"id": "w", "wants": {"type": "hours", "carer": "k9", "day": 8}, "requested_on": "soon"},
          {"id": "v", "wants": {"type": "fewer_carers", "citizen": "c1", "most": 0}},
          {"id": "u", "wants": {"type": "time", "citizen": "c1", "visit": "g4/2026-11-24/morning", "from": "08:00", "until": "09:00"}},
          {"id": "t", "wants": {"type": "time", "citizen": "c1", "visit": "gone", "from": "08:00", "until": "09:00"}}
        ]"#,
    )
    .unwrap();
    let error = district.problem().unwrap_err();
    let at: Vec<&str> = error.faults.iter().map(|fault| fault.at.as_str()).collect();
    let expected = [
        "/policy/wishes/carer",
        "/wishes/1",
        "/wishes/0/weight",
        "/wishes/0/wants/citizen",
        "/wishes/0/wants/from",
        "/wishes/1/requested_on",
        "/wishes/1/wants/carer",
        "/wishes/1/wants/day",
        "/wishes/1/wants",
        "/wishes/2/wants/most",
        "/wishes/3/wants/visit",
    ];
    for place in expected {
        assert!(at.contains(&place), "{place} is missing in {at:?}");
    }
    assert_eq!(at.len(), expected.len(), "{at:?}");
}
