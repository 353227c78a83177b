//! What citizens have asked for, by whom and when: for whoever assesses needs.

use kendt_instances::district::{District, Requester, Swap, Want, Wish};
use serde::Serialize;
use utoipa::ToSchema;

use super::wishes::{kind, requester};
use super::words::soundness_code;

/// Everything that has been asked for by or for a citizen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct History {
    /// The citizen's id.
    citizen: String,
    /// Swaps and wishes, those without a date first, then by date.
    pub(crate) asked: Vec<Asked>,
}

/// Something that was asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Asked {
    /// The id of the swap or wish.
    id: String,
    /// `swap`, `time`, `same_time`, `carer`, `not_carer` or `fewer_carers`.
    pub(crate) kind: &'static str,
    /// Who asked: `citizen`, `relative` (on the citizen's behalf) or `carer`.
    pub(crate) requested_by: &'static str,
    /// When, `YYYY-MM-DD`; `null` if it is not known.
    requested_on: Option<String>,
    /// The visit or course that it is about, if it is about one.
    about: Option<String>,
    /// What was asked for in words.
    what: String,
    /// Of a swap, what a professional says of it: `pending`, `sound` or `not_sound`.
    soundness: Option<&'static str>,
}

impl History {
    /// What was asked for by or for a citizen; `None` if there is no such citizen.
    pub(crate) fn of(district: &District, citizen: &str) -> Option<Self> {
        let _ = district.citizens.iter().find(|one| one.id == citizen)?;
        let swaps = district.swaps.iter().filter(|swap| swap.citizen(&district.visits) == Some(citizen)).map(Asked::of_swap);
        let wishes = district.wishes.iter().filter(|wish| wish.wants.citizen() == Some(citizen)).map(Asked::of_wish);
        let mut asked: Vec<Asked> = swaps.chain(wishes).collect();
        asked.sort_by(|one, other| one.requested_on.cmp(&other.requested_on));
        Some(Self { citizen: citizen.to_owned(), asked })
    }

    /// As CSV with a header, separated by semicolons.
    pub(crate) fn csv(&self) -> String {
        let mut text = "citizen;id;kind;requested_by;requested_on;about;what;soundness\n".to_owned();
        let quoted = |field: &str| if field.contains([';', '"', '\n']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() };
        for one in &self.asked {
            let fields = [
                &self.citizen,
                &one.id,
                one.kind,
                one.requested_by,
                one.requested_on.as_deref().unwrap_or(""),
                one.about.as_deref().unwrap_or(""),
                &one.what,
                one.soundness.unwrap_or(""),
            ];
            text += &(fields.map(quoted).join(";") + "\n");
        }
        text
    }
}

impl Asked {
    fn new(id: &str, kind: &'static str, by: Requester, on: Option<&String>) -> Self {
        let requested_by = requester(by);
        Self { id: id.to_owned(), kind, requested_by, requested_on: on.cloned(), about: None, what: String::new(), soundness: None }
    }

    fn of_swap(swap: &Swap) -> Self {
        let words = swap.instead.service.clone().or(swap.instead.text.clone()).unwrap_or_default();
        let asked = Self::new(&swap.id, "swap", swap.requested_by, swap.requested_on.as_ref());
        Self { about: Some(swap.visit.clone()), what: words, soundness: Some(soundness_code(swap.soundness.state)), ..asked }
    }

    fn of_wish(wish: &Wish) -> Self {
        let (about, what) = match &wish.wants {
            Want::Time { course, visit, from, until, .. } => (visit.clone().or(course.clone()), format!("{from}-{until}")),
            Want::SameTime { course, .. } => (course.clone(), String::new()),
            Want::Carer { carer, .. } | Want::NotCarer { carer, .. } | Want::Hours { carer, .. } | Want::Slack { carer, .. } => (None, carer.clone()),
            Want::FewerCarers { most, .. } => (None, most.to_string()),
        };
        Self { about, what, ..Self::new(&wish.id, kind(&wish.wants), wish.requested_by, wish.requested_on.as_ref()) }
    }
}
