//! From the text to a problem.

use kendt_solver::problem::{
    Carer, CarerId, Citizen, Clock, Content, ModeId, Need, Objective, PlaceId, Problem, ProblemBuilder, Shift, SkillSet, Slack, Term, Ticks, Visit,
    Weight, Window,
};

use super::PER_UNIT;
use super::text::{Customer, File};
use crate::gather::Faults;
use crate::{ReadError, matrix, times};

/// The problem in the text, or all that the model finds wrong with it.
pub(super) fn problem(file: &File, name: &str) -> Result<Problem, ReadError> {
    let mut faults = Faults::default();
    let places: Vec<&Customer> = std::iter::once(&file.depot).chain(&file.customers).collect();
    let rides: Vec<i64> = places.iter().flat_map(|from| places.iter().map(|to| distance(from, to))).collect();
    let travel = matrix::travel(places.len(), &rides, &mut faults);
    let name = file.name.as_deref().unwrap_or(name);
    let mut builder = ProblemBuilder::new(name, Clock { ticks_per_minute: PER_UNIT }, travel, objective());
    for number in 1..=file.n_vehicles {
        let label = number.to_string();
        let carer = builder.carers.push(Carer { label: label.clone(), skills: SkillSet::EMPTY, mode: ModeId::new(0), team: None });
        builder.shifts.push(shift(file, label, carer));
    }
    for (index, customer) in file.customers.iter().enumerate() {
        let citizen = builder.citizens.push(Citizen::new(customer.id.clone()));
        builder.visits.push(Visit {
            label: customer.id.clone(),
            citizen,
            place: PlaceId::new(index + 1),
            duration: Ticks(customer.service),
            windows: vec![Window { open: times::moment(customer.ready), close: times::moment(customer.due) }],
            preference: None,
            published: None,
            skills: SkillSet::EMPTY,
            load: customer.demand,
            need: Need::Required,
            priority: 0,
            unserved_cost: 0,
            allowed: None,
            preferred: Vec::new(),
            excluded: Vec::new(),
            course: None,
            carer_costs: Vec::new(),
            not_last_cost: 0,
            content: Content::default(),
        });
    }
    Ok(faults.finish(builder)?.build()?)
}

/// Euclidean distance in tenths, truncated. A square root is correctly rounded, so it is exact for whole coordinates.
fn distance(from: &Customer, to: &Customer) -> i64 {
    let (dx, dy) = (from.x - to.x, from.y - to.y);
    #[expect(clippy::cast_possible_truncation, reason = "coordinates are bounded, so the distance is far below 63 bits")]
    let tenths = (100.0 * (dx * dx + dy * dy)).sqrt().floor() as i64;
    tenths
}

fn shift(file: &File, label: String, carer: CarerId) -> Shift {
    Shift {
        label,
        carer,
        start: times::moment(file.depot.ready),
        end: times::moment(file.depot.due),
        from: PlaceId::new(0),
        to: PlaceId::new(0),
        capacity: Some(file.capacity),
        pause: None,
        slack: Slack::default(),
        hours: None,
        use_cost: 0,
    }
}

fn objective() -> Objective {
    let hard = [Term::Lateness, Term::Overtime, Term::Unserved, Term::Overload];
    let free = Objective::new(PER_UNIT).with(Term::Travel, Weight::Soft(1));
    hard.into_iter().fold(free, |objective, term| objective.with(term, Weight::Hard))
}
