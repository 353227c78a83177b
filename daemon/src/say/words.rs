//! Reasons: a code, its figures, and the words for it.

use kendt_instances::district::{Service, SoundnessState, SwapRefusal};
use kendt_solver::explain::Blocks;
use kendt_solver::problem::{Problem, VisitId};
use serde::Serialize;
use utoipa::ToSchema;

/// Why something is not as it was asked for. The code is stable; the words may change.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Reason {
    /// The reason, a stable code in snake case.
    pub(crate) code: &'static str,
    /// Its figures by name; which ones there are depends on the code.
    pub(crate) figures: Vec<Figure>,
    /// In Danish.
    pub(crate) da: String,
    /// In English.
    pub(crate) en: String,
}

/// A figure of a reason.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Figure {
    /// Its name in snake case.
    pub(crate) name: &'static str,
    /// Its value: a number of minutes, carers or the like, or an id.
    pub(crate) value: Value,
}

/// A number or an id.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Value {
    /// A number.
    Number(f64),
    /// An id or a code.
    Text(String),
}

impl Reason {
    fn new(code: &'static str, figures: Vec<Figure>, da: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code, figures, da: da.into(), en: en.into() }
    }

    fn plain(code: &'static str, da: &str, en: &str) -> Self {
        Self::new(code, Vec::new(), da, en)
    }

    /// What a rule of swapping says against a swap.
    pub(crate) fn of_refusal(refusal: &SwapRefusal) -> Self {
        match refusal {
            SwapRefusal::VisitGone => Self::plain("visit_gone", "Besøget findes ikke længere.", "The visit is no longer there."),
            SwapRefusal::NotGranted => Self::plain(
                "not_granted",
                "Besøget hviler ikke på en bevilling, så der er ikke noget at bytte.",
                "The visit rests on no grant, so there is nothing to swap.",
            ),
            SwapRefusal::NotSwappable { service, category } => {
                let (da, en) = category_words(*category);
                let named = service.as_ref().map_or_else(String::new, |code| format!(" ({code})"));
                let mut figures = vec![text("category", category_code(*category))];
                figures.extend(service.as_ref().map(|code| text("service", code)));
                Self::new(
                    "not_swappable",
                    figures,
                    format!("{}{named} kan ikke byttes.", capital(da)),
                    format!("{}{named} cannot be swapped.", capital(en)),
                )
            }
            SwapRefusal::CategoryNotGranted { category } => {
                let (da, en) = category_words(*category);
                Self::new(
                    "category_not_granted",
                    vec![text("category", category_code(*category))],
                    format!("Der er ikke bevilget {da}, og der byttes kun til hjælp af en slags, som er bevilget."),
                    format!("No {en} has been granted, and help is swapped only for kinds that have."),
                )
            }
            SwapRefusal::OtherSupplier { granted, asked } => {
                let name = |supplier: &Option<String>| supplier.clone().unwrap_or_else(|| "-".to_owned());
                Self::new(
                    "other_supplier",
                    vec![text("granted", &name(granted)), text("asked", &name(asked))],
                    "En anden leverandør står for den ønskede hjælp.",
                    "Another supplier provides what is asked for.",
                )
            }
            SwapRefusal::FrameExceeded { minutes, most } => Self::new(
                "frame_exceeded",
                vec![number("minutes", *minutes), number("most", *most)],
                format!("Det ønskede tager {minutes:.0} minutter, og der er {most:.0} minutter til det."),
                format!("What is asked for takes {minutes:.0} minutes, and there are {most:.0} for it."),
            ),
            SwapRefusal::TiedInTime => Self::plain(
                "tied_in_time",
                "Besøget gives af to medarbejdere eller hænger sammen med et andet besøg.",
                "The visit is by two carers or tied to another visit.",
            ),
            SwapRefusal::NotSound => Self::plain(
                "not_sound",
                "En fagperson har vurderet, at byttet ikke er forsvarligt, eller der er uenighed: den bevilgede hjælp gives.",
                "A professional has found the swap not sound, or there is disagreement: the granted help is given.",
            ),
            SwapRefusal::AwaitsSoundness => Self::plain(
                "awaits_soundness",
                "Ingen har endnu vurderet, om byttet er forsvarligt, og den bevilgede hjælp kan ikke gives på det ønskede tidspunkt.",
                "Nobody has judged yet whether the swap is sound, and the granted help cannot be given at the time that is asked for.",
            ),
            SwapRefusal::Pinned => Self::pinned(),
        }
    }

    /// It is possible but costs the others more than it is worth.
    pub(crate) fn costs_more(price: f64, worth: f64) -> Self {
        Self::new(
            "costs_more",
            vec![number("price", price), number("worth", worth)],
            format!("Det er muligt, men koster så meget som {price:.0} minutters kørsel; ønsket tæller {worth:.0}."),
            format!("It is possible, but costs as much as {price:.0} minutes on the road; the wish counts {worth:.0}."),
        )
    }

    /// Why a visit finds no place: nobody could come at all, or those who could are needed elsewhere.
    pub(crate) fn nobody_or_no_room(problem: &Problem, visit: VisitId) -> Self {
        let blocks = Blocks::of(problem, visit);
        if blocks.able.is_empty() {
            let skilled = blocks.off_duty.len();
            return Self::nobody(skilled + blocks.unskilled.len(), skilled);
        }
        Self::no_room(blocks.able.len())
    }

    /// Nobody who may come has the skills, or a shift at that time.
    fn nobody(allowed: usize, skilled: usize) -> Self {
        let figures = vec![number("allowed", allowed as f64), number("skilled", skilled as f64)];
        if skilled == 0 {
            return Self::new(
                "nobody_skilled",
                figures,
                "Ingen af dem, der må komme, har de nødvendige kompetencer.",
                "None of those who may come has the skills that it takes.",
            );
        }
        Self::new(
            "nobody_on_duty",
            figures,
            format!("Ingen af de {skilled}, der kan, er på vagt på det tidspunkt."),
            format!("None of the {skilled} who could is on duty at that time."),
        )
    }

    /// Those who could come are needed elsewhere.
    fn no_room(able: usize) -> Self {
        Self::new(
            "no_room",
            vec![number("able", able as f64)],
            format!("De {able}, der kunne komme, er optaget andre steder på det tidspunkt."),
            format!("The {able} who could come are needed elsewhere at that time."),
        )
    }

    /// A role may not grant a package.
    pub(crate) fn not_by_role(role: &str, granted_by: &[String]) -> Self {
        let roles = granted_by.join(", ");
        Self::new(
            "not_by_role",
            vec![text("role", role), text("granted_by", &roles)],
            format!("Pakken kan ikke bevilges af {role}, men af {roles}."),
            format!("The package may not be granted by {role}, but by {roles}."),
        )
    }

    /// A package runs already.
    pub(crate) fn package_runs() -> Self {
        Self::plain("package_runs", "Pakken er allerede i gang fra den dato.", "The package runs already from that date.")
    }

    /// A planner has pinned the visit.
    pub(crate) fn pinned() -> Self {
        Self::plain("pinned", "En planlægger har låst besøget.", "A planner has pinned the visit.")
    }

    /// Nobody else could come at all.
    pub(crate) fn only_able() -> Self {
        Self::plain("only_able", "Ingen anden på vagt kan og må.", "Nobody else on duty can and may.")
    }

    /// The carer is one of the citizen's few.
    pub(crate) fn one_of_the_few() -> Self {
        Self::plain("one_of_the_few", "Er en af borgerens få faste.", "Is one of the citizen's few.")
    }

    /// The carer came before.
    pub(crate) fn known(times: usize) -> Self {
        Self::new(
            "known",
            vec![number("times", times as f64)],
            format!("Er kendt: kom {times} gange i de sidste 28 dage."),
            format!("Is known: came {times} times in the last 28 days."),
        )
    }

    /// The carer is of the citizen's team.
    pub(crate) fn own_team() -> Self {
        Self::plain("own_team", "Er fra borgerens eget team.", "Is of the citizen's own team.")
    }

    /// How far the start is from the preferred time.
    pub(crate) fn off_preferred(minutes: f64) -> Self {
        if minutes <= 0.0 {
            return Self::plain("preferred_time", "Tidspunktet er det ønskede.", "The time is the preferred one.");
        }
        Self::new(
            "off_preferred",
            vec![number("minutes", minutes)],
            format!("Tidspunktet er {minutes:.0} minutter fra det ønskede."),
            format!("The time is {minutes:.0} minutes from the preferred one."),
        )
    }

    /// What it would cost that somebody else came.
    pub(crate) fn next_costs(cost: f64) -> Self {
        if cost < 0.0 {
            return Self::not_searched(-cost);
        }
        Self::new(
            "next_best_costs",
            vec![number("cost", cost)],
            format!("Den næstbedste koster så meget som {cost:.0} minutters kørsel mere."),
            format!("The next best costs as much as {cost:.0} minutes on the road more."),
        )
    }

    /// What is asked about makes no visit in the horizon.
    pub(crate) fn no_visit() -> Self {
        Self::plain("no_visit", "Det giver ingen besøg i de planlagte dage.", "It makes no visit in the planned days.")
    }

    /// Something else that was asked for is given.
    pub(crate) fn other_swap(swap: &str) -> Self {
        Self::new(
            "other_swap",
            vec![text("swap", swap)],
            format!("Et andet ønske til samme besøg er planlagt ({swap})."),
            format!("Something else that was asked for at this visit is given ({swap})."),
        )
    }

    /// So much was asked for that this was not looked at.
    pub(crate) fn not_looked_at() -> Self {
        Self::plain(
            "not_looked_at",
            "Der er spurgt om så meget på én gang, at dette ikke er regnet igennem: spørg med kendt what-if.",
            "So much was asked about at once that this was not looked at: ask with kendt what-if.",
        )
    }

    /// More carers come than are wished for.
    pub(crate) fn more_carers(n: usize, most: usize) -> Self {
        Self::new(
            "more_carers",
            vec![number("carers", n as f64), number("most", most as f64)],
            format!("Der kommer {n} forskellige, og ønsket er højst {most}; kendt team fortæller, om vagtplanen tillader det."),
            format!("{n} different carers come, and at most {most} are wished for; kendt team says whether the roster allows it."),
        )
    }

    /// A shift has no room for the slack that its carer wishes for.
    pub(crate) fn short_of_slack(free: f64, longest_chain: usize) -> Self {
        Self::new(
            "short_of_slack",
            vec![number("free_minutes", free), number("longest_chain", longest_chain as f64)],
            format!("Vagten har {free:.0} frie minutter og op til {longest_chain} besøg uden pause; mere blev der ikke fundet plads til."),
            format!("The shift has {free:.0} free minutes and up to {longest_chain} visits without a pause; no room was found for more."),
        )
    }

    /// It would be cheaper than the plan as it is: the plan was not searched long enough.
    pub(crate) fn not_searched(gain: f64) -> Self {
        Self::new(
            "better_plan_found",
            vec![number("gain", gain)],
            format!("Det er muligt og giver endda en bedre plan ({gain:.0} minutter): planlæg igen."),
            format!("It is possible and even gives a better plan ({gain:.0} minutes): plan again."),
        )
    }
}

fn number(name: &'static str, value: f64) -> Figure {
    Figure { name, value: Value::Number(value) }
}

fn text(name: &'static str, value: &str) -> Figure {
    Figure { name, value: Value::Text(value.to_owned()) }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// What a kind of help is called in Danish and English.
pub(super) fn category_words(category: Service) -> (&'static str, &'static str) {
    match category {
        Service::Personal => ("personlig pleje", "personal care"),
        Service::Practical => ("praktisk hjælp", "practical help"),
        Service::Nursing => ("sygepleje", "nursing"),
        Service::Alarm => ("nødkald", "alarm calls"),
        Service::Meals => ("madservice", "meals"),
        Service::Other => ("anden hjælp", "other help"),
    }
}

/// The code of a kind of help, as in districts.
pub(super) fn category_code(category: Service) -> &'static str {
    match category {
        Service::Personal => "personal",
        Service::Practical => "practical",
        Service::Nursing => "nursing",
        Service::Alarm => "alarm",
        Service::Meals => "meals",
        Service::Other => "other",
    }
}

/// The name of what a professional says of a swap, as in districts.
pub(super) fn soundness_code(state: SoundnessState) -> &'static str {
    match state {
        SoundnessState::Pending => "pending",
        SoundnessState::Sound => "sound",
        SoundnessState::NotSound => "not_sound",
    }
}
