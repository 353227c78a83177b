//! From the text to a problem.

use kendt_solver::problem::{
    Carer, CarerId, Citizen, Clock, Content, CourseId, ModeId, Moment, Need, Objective, PlaceId, Point, Problem, ProblemBuilder, Shift, SkillSet,
    Slack, Straight, Term, Ticks, Travel, Visit, Weight, Window,
};

use super::PER_UNIT;
use super::text::{File, Type};
use crate::ReadError;
use crate::gather::Faults;
use crate::times;

/// Costs are in tenths of a unit of cost for each tick.
const TENTHS: i64 = 10;
/// Units of time in a day of the model; routes that may be longer take several.
const DAY: i64 = 1440;

/// The problem in the text, or all that the model finds wrong with it.
pub(super) fn problem(file: &File, name: &str) -> Result<Problem, ReadError> {
    let mut faults = Faults::default();
    let travel = travel(file, &mut faults);
    let name = file.name.as_deref().unwrap_or(name);
    let mut builder = ProblemBuilder::new(name, Clock { ticks_per_minute: PER_UNIT }, travel, objective());
    let day_of = |day: usize| {
        let length = DAY * (file.longest + DAY - 1).div_euclid(DAY).max(1);
        let start = times::moment(i64::try_from(day).unwrap_or_default() * length * PER_UNIT);
        Window { open: start, close: start + Ticks(file.longest * PER_UNIT) }
    };
    for (mode, kind) in file.types.iter().enumerate() {
        for _ in 0..kind.n_vehicles {
            let label = (builder.carers.len() + 1).to_string();
            let carer = builder.carers.push(Carer { label: label.clone(), skills: SkillSet::EMPTY, mode: ModeId::new(mode), team: None });
            for day in 0..file.days {
                let Window { open: start, close: end } = day_of(day);
                builder.shifts.push(shift(kind, format!("{label} on day {}", day + 1), carer, (start, end)));
            }
        }
    }
    for (index, customer) in file.customers.iter().enumerate() {
        let label = (index + 1).to_string();
        let citizen = builder.citizens.push(Citizen { cap: Some(1), ..Citizen::new(label.clone()) });
        let may = |vehicle: &usize| customer.compatible[*vehicle];
        let allowed = (!customer.compatible.is_empty()).then(|| (0..customer.compatible.len()).filter(may).map(CarerId::new).collect::<Vec<_>>());
        for (day, load) in customer.demands.iter().enumerate().filter_map(|(day, demand)| Some((day, (*demand)?))) {
            builder.visits.push(Visit {
                label: format!("{label} on day {}", day + 1),
                citizen,
                place: PlaceId::new(index + 1),
                duration: Ticks(customer.service * PER_UNIT),
                windows: vec![day_of(day)],
                preference: None,
                published: None,
                skills: SkillSet::EMPTY,
                load,
                need: Need::Required,
                priority: 0,
                unserved_cost: 0,
                course: Some(CourseId::new(0)),
                allowed: allowed.clone(),
                preferred: Vec::new(),
                excluded: Vec::new(),
                carer_costs: Vec::new(),
                not_last_cost: 0,
                content: Content::default(),
            });
        }
    }
    Ok(faults.finish(builder)?.build()?)
}

/// Straight lines at each type's speed and price.
fn travel(file: &File, faults: &mut Faults) -> Travel {
    let homes = file.customers.iter().map(|customer| (customer.x, customer.y));
    let points = std::iter::once(file.depot).chain(homes).map(|(x, y)| Point { x, y, has_stop: false }).collect();
    let mut travel = Travel::between(points).unwrap_or_else(|what| {
        faults.add("the file", what);
        Travel::new(0)
    });
    for kind in &file.types {
        match travel.add_straight(Straight { ticks_per_unit: PER_UNIT as f64 / kind.speed, per_stop: 0.0 }) {
            Ok(mode) => travel.set_price(mode, fare(kind, faults)),
            Err(what) => faults.add(&kind.at, what),
        }
    }
    travel
}

/// What a tick of travel costs in tenths: faster vehicles go farther in it.
fn fare(kind: &Type, faults: &mut Faults) -> i64 {
    let exact = kind.variable as f64 * kind.speed;
    let whole = exact.round();
    if (exact - whole).abs() > 1e-6 {
        faults.add(&kind.at, "the variable cost times the speed has more than one decimal");
    }
    #[expect(clippy::cast_possible_truncation, reason = "both factors are bounded")]
    let fare = whole as i64;
    fare
}

fn shift(kind: &Type, label: String, carer: CarerId, (start, end): (Moment, Moment)) -> Shift {
    let depot = PlaceId::new(0);
    let use_cost = kind.fixed * PER_UNIT;
    Shift {
        label,
        carer,
        start,
        end,
        from: depot,
        to: depot,
        capacity: Some(kind.capacity),
        pause: None,
        slack: Slack::default(),
        hours: None,
        use_cost,
    }
}

fn objective() -> Objective {
    let hard = [Term::Lateness, Term::Overtime, Term::Unserved, Term::Overload, Term::AboveCap];
    let priced = [Term::Travel, Term::ShiftUse];
    let free = priced.into_iter().fold(Objective::new(TENTHS * PER_UNIT), |objective, term| objective.with(term, Weight::Soft(1)));
    hard.into_iter().fold(free, |objective, term| objective.with(term, Weight::Hard))
}
