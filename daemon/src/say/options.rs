//! What a citizen may swap for what, in plain words.

use kendt_instances::district::{District, FrameWeek, GrantOptions, SwapOptions};
use serde::Serialize;
use utoipa::ToSchema;

use super::words::{Reason, category_code, category_words};

/// What a citizen may swap for what.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct OptionsView {
    /// The citizen's id.
    citizen: String,
    /// Kinds of help that have been granted.
    categories: Vec<&'static str>,
    /// Each grant and what may be given instead of its help.
    grants: Vec<GrantView>,
    /// Granted and planned minutes by calendar week.
    weeks: Vec<WeekView>,
    /// The rules in plain Danish.
    da: Vec<String>,
    /// The rules in plain English.
    en: Vec<String>,
}

/// A grant and what may be given instead of its help.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct GrantView {
    /// The grant's id.
    grant: String,
    /// Its service's code.
    service: String,
    /// The kind of help.
    category: &'static str,
    /// Visits in the horizon that rest on it.
    visits: Vec<String>,
    /// Why it cannot be swapped away; `null` if it can.
    fixed: Option<Reason>,
    /// Services that may be asked for instead.
    may_be_asked_for: Vec<ServiceView>,
    /// Services that may not, and why.
    may_not: Vec<ServiceView>,
}

/// A service of the catalogue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ServiceView {
    /// The code.
    service: String,
    /// Its name in Danish.
    name_da: String,
    /// Its name in English.
    name_en: String,
    /// Minutes that it usually takes.
    minutes: Option<f64>,
    /// Why it may not be asked for.
    reason: Option<Reason>,
}

/// A calendar week.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct WeekView {
    /// The date of the Monday.
    monday: String,
    /// Granted minutes.
    granted: f64,
    /// Planned minutes.
    planned: f64,
    /// Minutes left.
    left: f64,
}

impl OptionsView {
    /// The options of a citizen; `None` if there is no such citizen.
    pub(crate) fn of(district: &District, citizen: &str) -> Option<Self> {
        let SwapOptions { categories, grants, weeks } = district.swap_options(citizen)?;
        let (da, en) = rules(district, &grants);
        Some(Self {
            citizen: citizen.to_owned(),
            categories: categories.into_iter().map(category_code).collect(),
            grants: grants.into_iter().map(|grant| view(district, grant)).collect(),
            weeks: weeks.into_iter().map(WeekView::from).collect(),
            da,
            en,
        })
    }

    /// The page in words, lines ended.
    pub(crate) fn text(&self, is_danish: bool) -> String {
        let mut lines: Vec<String> = if is_danish { self.da.clone() } else { self.en.clone() };
        for grant in &self.grants {
            lines.push(String::new());
            lines.push(format!("{} ({}):", grant.service, grant.grant));
            if let Some(reason) = &grant.fixed {
                lines.push(format!("  {}", if is_danish { &reason.da } else { &reason.en }));
                continue;
            }
            for service in &grant.may_be_asked_for {
                let minutes = service.minutes.map_or_else(String::new, |minutes| format!(", {minutes:.0} min"));
                lines.push(format!("  + {}{minutes}", if is_danish { &service.name_da } else { &service.name_en }));
            }
            for service in &grant.may_not {
                let why = service.reason.as_ref().map_or("", |reason| if is_danish { &reason.da } else { &reason.en });
                lines.push(format!("  - {}: {why}", if is_danish { &service.name_da } else { &service.name_en }));
            }
        }
        for week in &self.weeks {
            let WeekView { monday, granted, planned, left } = week;
            lines.push(if is_danish {
                format!("Ugen fra {monday}: bevilget {granted:.0} min, planlagt {planned:.0} min, tilbage {left:.0} min")
            } else {
                format!("Week from {monday}: granted {granted:.0} min, planned {planned:.0} min, left {left:.0} min")
            });
        }
        lines.join("\n") + "\n"
    }
}

impl From<FrameWeek> for WeekView {
    fn from(week: FrameWeek) -> Self {
        Self { left: week.granted - week.planned, monday: week.monday, granted: week.granted, planned: week.planned }
    }
}

fn view(district: &District, options: GrantOptions) -> GrantView {
    let (mut may, mut may_not) = (Vec::new(), Vec::new());
    for option in options.instead {
        let listed = district.services.iter().find(|service| service.code == option.service);
        let name = |name: fn(&kendt_instances::district::CatalogueService) -> &Option<String>| {
            listed.and_then(|service| name(service).clone()).unwrap_or_else(|| option.service.clone())
        };
        let reason = option.allowed.as_ref().err().map(Reason::of_refusal);
        let service = ServiceView {
            name_da: name(|service| &service.name_da),
            name_en: name(|service| &service.name_en),
            minutes: option.minutes,
            service: option.service,
            reason,
        };
        if service.reason.is_none() { may.push(service) } else { may_not.push(service) }
    }
    GrantView {
        grant: options.grant,
        service: options.service,
        category: category_code(options.category),
        visits: options.visits,
        fixed: options.may_be_swapped.err().map(|refusal| Reason::of_refusal(&refusal)),
        may_be_asked_for: may,
        may_not,
    }
}

/// The rules as a citizen reads them.
fn rules(district: &District, grants: &[GrantOptions]) -> (Vec<String>, Vec<String>) {
    let policy = &district.policy.swaps;
    let (is_weekly, is_by_visit) = (grants.iter().any(|grant| grant.is_weekly), grants.iter().any(|grant| !grant.is_weekly));
    let mut da = vec![
        "Du kan bytte bevilget hjælp til anden hjælp, også til noget du ikke er bevilget.".to_owned(),
        "Medarbejderen vurderer på stedet, om byttet er forsvarligt; er der tvivl, får du den bevilgede hjælp.".to_owned(),
        match (is_weekly, is_by_visit) {
            (true, false) => "Det skal kunne nås inden for ugens bevilgede tid.",
            (true, true) => "Det skal kunne nås inden for besøgets tid; hvor du er bevilget en ramme, inden for ugens.",
            _ => "Det skal kunne nås inden for den tid, der er bevilget til besøget.",
        }
        .to_owned(),
    ];
    let mut en = vec![
        "You may swap granted help for other help, also for what you have not been granted.".to_owned(),
        "The carer judges on the spot whether the swap is sound; in doubt you get the granted help.".to_owned(),
        match (is_weekly, is_by_visit) {
            (true, false) => "It has to fit into the time granted for the week.",
            (true, true) => "It has to fit into the time of the visit; where you have been granted a frame, into that of the week.",
            _ => "It has to fit into the time granted for the visit.",
        }
        .to_owned(),
    ];
    if !policy.across_categories {
        da.push("Personlig pleje og praktisk hjælp kan kun byttes for hinanden, hvis du er bevilget begge dele.".to_owned());
        en.push("Personal care and practical help are swapped for each other only if you have been granted both.".to_owned());
    }
    for &category in &policy.fixed_categories {
        let (danish, english) = category_words(category);
        da.push(format!("Der byttes ikke til eller fra {danish}."));
        en.push(format!("Nothing is swapped to or from {english}."));
    }
    da.push(format!("Bytter du {} gange på {} dage, vurderer kommunen dit behov på ny.", policy.repeated, policy.repeated_days));
    en.push(format!("If you swap {} times in {} days, the municipality assesses your need anew.", policy.repeated, policy.repeated_days));
    da.push("Du kan ikke bagefter klage over, at den fravalgte hjælp ikke blev givet.".to_owned());
    en.push("You cannot complain afterwards that the help you chose not to have was not given.".to_owned());
    (da, en)
}
