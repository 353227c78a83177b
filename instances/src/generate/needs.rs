//! What the citizens need, day by day.

use rand::RngExt;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{Options, citizen_id};
use crate::district::{Agreement, Carer, Citizen, Link, Need, Number, Service, Visit, VisitPreference, VisitWindow};

/// All visits and links of the document.
pub(super) struct Needs {
    pub(super) visits: Vec<Visit>,
    pub(super) links: Vec<Link>,
}

/// Something a citizen needs again and again.
struct Course {
    name: &'static str,
    service: Service,
    skill: &'static str,
    /// Preferred start in minutes after midnight; `None` for any time of the day shift.
    at: Option<i64>,
    minutes: i64,
    /// Days between visits, and the first day from 0.
    every: i64,
    first: i64,
    /// Half the width of the window in minutes.
    slack: i64,
    priority: i64,
    need: Need,
    carers: i64,
}

/// Draws every citizen's courses and writes their visits, day by day.
pub(super) fn needs(options: &Options, rng: &mut Xoshiro256PlusPlus) -> Needs {
    let courses: Vec<Vec<Course>> = (0..options.citizens).map(|_| courses(options, rng)).collect();
    let mut needs = Needs { visits: Vec::new(), links: Vec::new() };
    for day in 1..=options.days {
        for (citizen, courses) in courses.iter().enumerate() {
            let due = courses.iter().filter(|course| (day - 1) % course.every == course.first);
            needs.visits.extend(due.map(|course| visit(citizen, day, options.days, course)));
            if courses.iter().any(|course| course.name == "insulin") {
                needs.links.push(insulin_before_breakfast(citizen, day));
            }
        }
    }
    needs
}

fn courses(options: &Options, rng: &mut Xoshiro256PlusPlus) -> Vec<Course> {
    let mut courses = Vec::new();
    let times: &[&'static str] = match rng.random_range(0..100) {
        0..30 => &[],
        30..48 => &["morning"],
        48..75 => &["morning", "evening"],
        75..92 => &["morning", "lunch", "evening"],
        _ => &["morning", "lunch", "afternoon", "evening", "night"],
    };
    let heavy = times.len() >= 3;
    for &name in times {
        courses.push(personal(name, heavy, options, rng));
    }
    let morning = courses.first().and_then(|course: &Course| course.at);
    if rng.random_range(0..100) < 60 {
        courses.push(cleaning(rng));
    }
    match (rng.random_range(0..100), morning) {
        (0..4, Some(at)) if at >= 450 => courses.push(nursing("insulin", "ssa", Some(at - 30), 10, 1, 3, rng)),
        (4..14, _) => courses.push(nursing("medicine", "ssa", Some(rng.random_range(32..40) * 15), 15, 1, 2, rng)),
        (14..26, _) => courses.push(nursing("wound", "nurse", None, 30, 3, 1, rng)),
        _ => {}
    }
    if rng.random_range(0..100) < 50 {
        courses.push(own_hour(rng));
    }
    courses
}

/// Personal care at one of the day's peaks, at a quarter past, half past, a quarter to or the full hour.
fn personal(name: &'static str, heavy: bool, options: &Options, rng: &mut Xoshiro256PlusPlus) -> Course {
    let (from, to, minutes): (i64, i64, &[i64]) = match name {
        "morning" if heavy => (28, 40, &[35, 40, 45]),
        "morning" => (28, 42, &[25, 30, 35, 40]),
        "lunch" => (46, 52, &[20, 25, 30]),
        "afternoon" => (57, 64, &[15, 20]),
        "evening" => (68, 80, &[20, 25, 30, 35]),
        _ => (84, 89, &[15, 20]),
    };
    let lifted = heavy && matches!(name, "morning" | "evening" | "night");
    // Only those who need much help are lifted by two: about one personal visit in three could be.
    let carers = if lifted && rng.random_range(0..100) < options.preset.by_two() * 3 { 2 } else { 1 };
    Course {
        name,
        service: Service::Personal,
        skill: if heavy && rng.random_range(0..100) < 25 { "ssa" } else { "ssh" },
        at: Some(rng.random_range(from..=to) * 15),
        minutes: pick(minutes, rng),
        every: 1,
        first: 0,
        slack: 60,
        priority: if heavy { 2 } else { 1 },
        need: Need::Required,
        carers,
    }
}

fn cleaning(rng: &mut Xoshiro256PlusPlus) -> Course {
    // Working days of the two weeks.
    let first = rng.random_range(0..5) + 7 * rng.random_range(0..2);
    let need = if rng.random_range(0..100) < 40 { Need::Optional } else { Need::Required };
    Course {
        name: "cleaning",
        service: Service::Practical,
        skill: "ssh",
        at: None,
        minutes: pick(&[45, 60], rng),
        every: 14,
        first,
        slack: 0,
        priority: 0,
        need,
        carers: 1,
    }
}

fn nursing(
    name: &'static str,
    skill: &'static str,
    at: Option<i64>,
    minutes: i64,
    every: i64,
    priority: i64,
    rng: &mut Xoshiro256PlusPlus,
) -> Course {
    let first = rng.random_range(0..every);
    let slack = if priority == 3 { 30 } else { 60 };
    Course { name, service: Service::Nursing, skill, at, minutes, every, first, slack, priority, need: Need::Required, carers: 1 }
}

/// Half an hour a week of the citizen's own choice: a walk, coffee, the shops.
fn own_hour(rng: &mut Xoshiro256PlusPlus) -> Course {
    let first = rng.random_range(0..5);
    Course {
        name: "own_time",
        service: Service::Other,
        skill: "ssh",
        at: None,
        minutes: 30,
        every: 7,
        first,
        slack: 0,
        priority: 0,
        need: Need::Optional,
        carers: 1,
    }
}

/// The visit of a day.
fn visit(citizen: usize, day: i64, days: i64, course: &Course) -> Visit {
    let (from, to) = course.at.map_or((8 * 60, 14 * 60), |at| ((at - course.slack).max(7 * 60), (at + course.slack).min(22 * 60 + 15)));
    Visit {
        id: visit_id(citizen, day, course.name),
        citizen: citizen_id(citizen),
        day,
        minutes: Number(course.minutes as f64),
        windows: days_of(course, day, days)
            .map(|at| VisitWindow { day: (at != day).then_some(at), from: clock_time(from), to: clock_time(to) })
            .collect(),
        preferred: course.at.map(|at| VisitPreference {
            from: clock_time((at - 15).max(from)),
            until: clock_time(at + 15),
            early_weight: None,
            late_weight: None,
        }),
        agreed: course.at.map(|at| Agreement { day: None, at: clock_time(at), tolerance_minutes: None }),
        course: Some(course.name.to_owned()),
        skills: vec![course.skill.to_owned()],
        carers: course.carers,
        second_skills: (course.carers == 2).then(|| vec!["ssh".to_owned()]),
        priority: course.priority,
        need: course.need,
        unserved_cost: None,
        service: Some(course.service),
        allowed_carers: None,
        preferred_carers: Vec::new(),
        excluded_carers: Vec::new(),
        grant: None,
        made: false,
        pin: None,
    }
}

/// The days on which a visit may come: for cleaning those of the working days within two days of its own (Hjørring owes replacement help only
/// beyond).
fn days_of(course: &Course, day: i64, days: i64) -> impl Iterator<Item = i64> {
    let leeway = if course.name == "cleaning" { 2 } else { 0 };
    (day - leeway..=day + leeway).filter(move |&at| at == day || ((1..=days).contains(&at) && (at - 1) % 7 < 5))
}

fn visit_id(citizen: usize, day: i64, name: &str) -> String {
    format!("{}-d{day}-{name}", citizen_id(citizen))
}

fn insulin_before_breakfast(citizen: usize, day: i64) -> Link {
    Link {
        first: visit_id(citizen, day, "insulin"),
        second: visit_id(citizen, day, "morning"),
        min_minutes: Some(Number(10.0)),
        max_minutes: Some(Number(90.0)),
        different_carers: false,
    }
}

/// Some citizens know two carers of their team; a few should not meet one.
pub(super) fn acquaint(citizens: &mut [Citizen], carers: &[Carer], rng: &mut Xoshiro256PlusPlus) {
    for citizen in citizens {
        let team: Vec<&Carer> = carers.iter().filter(|carer| carer.team == citizen.team).collect();
        let chance = rng.random_range(0..100);
        if team.len() < 4 || chance >= 45 {
            continue;
        }
        let first = rng.random_range(0..team.len());
        let second = (first + rng.random_range(1..team.len())) % team.len();
        let ids = [first, second].into_iter().filter_map(|index| team.get(index)).map(|carer| carer.id.clone());
        if chance < 40 { citizen.preferred_carers = ids.collect() } else { citizen.excluded_carers = ids.take(1).collect() }
    }
}

fn pick(values: &[i64], rng: &mut Xoshiro256PlusPlus) -> i64 {
    values.get(rng.random_range(0..values.len())).copied().unwrap_or(30)
}

fn clock_time(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
