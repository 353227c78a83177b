//! From the cost components to the objective.

use kendt_solver::problem::{Departure, Objective, Term, Weight};

use super::wire::{Metadata, Price};
use crate::gather::Faults;
use crate::times::{self, Thousandths};

/// The components that are one term each. Optional patients are not: they are priced visit by visit.
const COMPONENTS: [(&str, Term); 12] = [
    ("travel_time", Term::Travel),
    ("total_tardiness", Term::Lateness),
    ("highest_tardiness", Term::GreatestLateness),
    ("total_waiting_time", Term::Waiting),
    ("total_extra_time", Term::Overtime),
    ("max_idle_time", Term::GreatestIdle),
    ("caregiver_preferences", Term::CarerPreference),
    ("missed_lunch_break", Term::MissedBreak),
    ("workload_balance", Term::Balance),
    ("working_time", Term::WorkingTime),
    // Sic: the published files spell it so.
    ("incompabilities", Term::Exclusion),
    ("qualification", Term::Qualification),
];
const OPTIONAL_PATIENTS: &str = "optional_patients";

/// The objective, and what leaving out an optional patient costs in its units: hard means that nobody may be left out.
pub(super) fn objective(metadata: &Metadata, faults: &mut Faults) -> (Objective, Weight) {
    let stated: Vec<(&str, Stated)> =
        metadata.cost_components.iter().map(|(name, price)| (name.as_str(), Stated::read(name, price, faults))).collect();
    let numbers = stated.iter().filter_map(|(_, price)| match price {
        Stated::Number(number) => Some(*number),
        Stated::Hard => None,
    });
    // Fractional weights make a finer unit of cost, as fractional times make a finer clock.
    let unit = times::clock_for(numbers);
    let mut objective = Objective::new(unit.ticks_per_minute).with(Term::Unserved, Weight::Hard);
    let mut left_out = Weight::Soft(0);
    for (name, price) in stated {
        let weight = match price {
            Stated::Hard => Weight::Hard,
            Stated::Number(number) => Weight::Soft(number.ticks(unit)),
        };
        if name == OPTIONAL_PATIENTS {
            left_out = weight;
        } else if let Some(&(_, term)) = COMPONENTS.iter().find(|(component, _)| *component == name) {
            objective = objective.with(term, weight);
        } else {
            faults.add(format_args!("/metadata/cost_components/{name}"), "is no known component");
        }
    }
    objective.departure = departure(metadata);
    (objective, left_out)
}

/// In Bazirha's instances carers leave when their shift starts.
fn departure(metadata: &Metadata) -> Departure {
    let from_bazirha = metadata.origin.as_deref().is_some_and(|origin| origin.starts_with("bazirha"));
    if from_bazirha { Departure::AtShiftStart } else { Departure::JustInTime }
}

/// A component's weight as stated, checked.
enum Stated {
    Number(Thousandths),
    Hard,
}

impl Stated {
    fn read(name: &str, price: &Price, faults: &mut Faults) -> Self {
        let at = format!("/metadata/cost_components/{name}");
        match price {
            Price::Number(number) => Self::Number(times::minutes(Some(*number), at, faults)),
            Price::Word(word) => {
                if word != "HARD" {
                    faults.add(at, format!("is \"{word}\", allowed a number and \"HARD\""));
                }
                Self::Hard
            }
        }
    }
}
