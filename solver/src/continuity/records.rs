//! A plan as its citizens see it: who came when, and groups of citizens to be measured.

use std::collections::BTreeMap;

use super::floor::Roster;
use super::hitting::Effort;
use super::measures::{Part, measures};
use super::sweden::swedish;
use super::{Contact, Facts, Floor, Layer, Measures, Swedish, contacts, day_of};
use crate::plan::Plan;
use crate::problem::{CarerId, Citizen, CitizenId, Clock, IdVec, Met, Need, Problem, TeamId};

/// Effort for the floors: far more than the homes of a district take, so that only made-up ones end early.
const EFFORT: Effort = Effort { each: 20_000, left: 20_000_000 };

/// The contacts of a plan by citizen, ready to be measured.
#[derive(Debug)]
pub struct Records<'a> {
    problem: &'a Problem,
    facts: &'a Facts,
    records: IdVec<CitizenId, Record>,
}

/// One citizen.
#[derive(Clone, Debug)]
struct Record {
    /// All contacts, by start.
    contacts: Vec<Contact>,
    /// The layer of each contact's visit, and whether the carer had come in the 28 days before.
    seen: Vec<(Layer, bool)>,
    /// Required visits that nobody pays, by layer.
    left_out: [usize; Layer::ALL.len()],
    floor: Floor,
    /// The floors of each layer's visits alone.
    floors: [Floor; Layer::ALL.len()],
}

impl<'a> Records<'a> {
    /// The records of a plan, whatever rules it breaks, with the floor of every citizen.
    ///
    /// # Panics
    /// When the plan names shifts or visits that the problem does not have.
    #[must_use]
    pub fn new(problem: &'a Problem, plan: &Plan, facts: &'a Facts) -> Self {
        let clock = problem.clock();
        let mut contacts_of: IdVec<CitizenId, Vec<Contact>> = vec![Vec::new(); problem.citizens().len()].into();
        for contact in contacts(problem, plan) {
            contacts_of[contact.citizen].push(contact);
        }
        let mut wanted: IdVec<CitizenId, Vec<_>> = vec![Vec::new(); problem.citizens().len()].into();
        // What is asked for instead of a visit is no visit more.
        for (id, visit) in problem.visits().enumerate().filter(|(_, visit)| visit.content.instead_of.is_none()) {
            wanted[visit.citizen].push((id, Layer::of(clock, visit)));
        }
        let served = plan.served(problem);
        let (roster, mut effort) = (Roster::new(problem), EFFORT);
        let mut record = |(id, citizen): (CitizenId, &Citizen)| {
            let own = &wanted[id];
            let contacts = std::mem::take(&mut contacts_of[id]);
            let known = known(clock, citizen, &contacts);
            let layers = contacts.iter().map(|contact| Layer::of(clock, &problem.visits()[contact.visit]));
            let missing = |layer| {
                let is_missing =
                    |visit| problem.visits()[visit].need == Need::Required && problem.alternatives(visit).all(|one| served[one].is_none());
                own.iter().filter(|&&(visit, of)| of == layer && is_missing(visit)).count()
            };
            let all: Vec<_> = own.iter().map(|&(visit, _)| visit).collect();
            Record {
                seen: layers.zip(known).collect(),
                left_out: Layer::ALL.map(missing),
                floor: roster.floor(&all, &mut effort),
                floors: Layer::ALL.map(|layer| {
                    let visits: Vec<_> = own.iter().filter(|(_, of)| *of == layer).map(|&(visit, _)| visit).collect();
                    roster.floor(&visits, &mut effort)
                }),
                contacts,
            }
        };
        let records = problem.citizens().enumerate().map(&mut record).collect();
        Self { problem, facts, records }
    }

    /// All citizens.
    #[must_use]
    pub fn district(&self) -> Measures {
        self.measure(self.records.iter().map(Record::whole).collect())
    }

    /// The citizens of a team, whoever comes to them.
    #[must_use]
    pub fn team(&self, team: TeamId) -> Measures {
        let of_team = self.records.enumerate().filter(|(id, _)| self.problem.citizens()[*id].team == Some(team));
        self.measure(of_team.map(|(_, record)| record.whole()).collect())
    }

    /// The visits of one layer of all citizens: carers, floors and everything else are those of that layer's visits alone. Known is who came
    /// before in any layer.
    #[must_use]
    pub fn layer(&self, layer: Layer) -> Measures {
        self.measure(self.records.iter().map(|record| record.of_layer(layer)).collect())
    }

    /// One citizen.
    ///
    /// # Panics
    /// When the problem has no such citizen.
    #[must_use]
    pub fn citizen(&self, citizen: CitizenId) -> Measures {
        self.measure(vec![self.records[citizen].whole()])
    }

    /// The number of carers in 14 days as Sweden counts it; `None` where the horizon is shorter or nobody is to be counted.
    #[must_use]
    pub fn carers_14d_se(&self) -> Option<Swedish> {
        swedish(self.problem.clock(), self.facts, self.records.enumerate().map(|(id, record)| (id, record.contacts.as_slice())))
    }

    fn measure(&self, parts: Vec<Part<'_>>) -> Measures {
        measures(self.problem, self.facts, &parts)
    }
}

impl Record {
    fn whole(&self) -> Part<'_> {
        Part {
            contacts: self.contacts.iter().collect(),
            known: self.seen.iter().filter(|(_, known)| *known).count(),
            left_out: self.left_out.iter().sum(),
            floor: self.floor,
        }
    }

    fn of_layer(&self, layer: Layer) -> Part<'_> {
        let own = || self.contacts.iter().zip(&self.seen).filter(move |(_, (of, _))| *of == layer);
        let place = Layer::ALL.into_iter().position(|of| of == layer).unwrap_or(0);
        Part {
            contacts: own().map(|(contact, _)| contact).collect(),
            known: own().filter(|(_, (_, known))| *known).count(),
            left_out: self.left_out[place],
            floor: self.floors[place],
        }
    }
}

/// Whether each contact's carer had come to the citizen in the 28 days before. On the day itself an earlier start counts.
fn known(clock: Clock, citizen: &Citizen, contacts: &[Contact]) -> Vec<bool> {
    let reach = i64::from(Met::DAYS);
    // The last day on which each carer came, day 0 being the first of the horizon.
    let mut last: BTreeMap<CarerId, i64> = BTreeMap::new();
    for met in &citizen.history {
        let day = -i64::from(met.days_before);
        last.entry(met.carer).and_modify(|last| *last = day.max(*last)).or_insert(day);
    }
    let mut known = Vec::with_capacity(contacts.len());
    for same_start in contacts.chunk_by(|a, b| a.start == b.start) {
        for contact in same_start {
            let day = day_of(clock, contact.start);
            known.push(last.get(&contact.carer).is_some_and(|&last| day - last <= reach));
        }
        for contact in same_start {
            last.insert(contact.carer, day_of(clock, contact.start));
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::line_with;
    use crate::plan::{Route, Stop, Task};
    use crate::problem::{Moment, PlaceId, Shift, ShiftId, Slack, Team, VisitId, Window};

    /// Two days, two carers on duty all the time, of whom the first is of the only team. Citizen 0 of that team, who knows carer 0 from 27 days
    /// before and is to have carers 1 and 0, is visited by 0 in the morning, by 1 in the evening, by 0 in the morning, and by nobody in
    /// the last evening. Citizen 1 has one visit, by carer 1; citizen 2 none.
    fn two_days() -> (Problem, Plan) {
        let starts = [480, 1080, 1440 + 480, 1440 + 1080, 500];
        let problem = line_with(5, 2, |parts| {
            let team = parts.teams.push(Team { label: "t".into() });
            parts.carers[CarerId::new(0)].team = Some(team);
            let citizen = &mut parts.citizens[CitizenId::new(0)];
            citizen.team = Some(team);
            citizen.few = vec![CarerId::new(1), CarerId::new(0)];
            citizen.history = vec![Met { carer: CarerId::new(0), days_before: 27 }];
            for (visit, start) in parts.visits.iter_mut().zip(starts) {
                visit.citizen = CitizenId::new(usize::from(visit.label == "v4"));
                visit.windows = vec![Window { open: Moment(start), close: Moment(start) }];
            }
            for carer in 0..2 {
                parts.shifts[ShiftId::new(carer)].end = Moment(1440);
                let (start, end) = (Moment(1440), Moment(2880));
                let (carer, home) = (CarerId::new(carer), PlaceId::new(0));
                parts.shifts.push(Shift {
                    label: format!("d2 {}", carer.idx()),
                    carer,
                    start,
                    end,
                    from: home,
                    to: home,
                    capacity: None,
                    pause: None,
                    slack: Slack::default(),
                    hours: None,
                    use_cost: 0,
                });
            }
        });
        let mut plan = Plan::empty(&problem);
        for (shift, visits) in [(0, vec![0]), (1, vec![4, 1]), (2, vec![2])] {
            let stops = visits.iter().map(|&visit| {
                let start = Moment(starts[visit]);
                Stop { task: Task::Visit(VisitId::new(visit)), arrival: start, start, end: start }
            });
            plan.routes[ShiftId::new(shift)].stops = stops.collect();
        }
        plan.unserved = vec![VisitId::new(3)];
        (problem, plan)
    }

    #[test]
    fn a_citizen_is_measured() {
        let (problem, plan) = two_days();
        let facts = Facts::unknown(&problem, 2);
        let records = Records::new(&problem, &plan, &facts);
        let found = records.citizen(CitizenId::new(0));
        assert_eq!((found.citizens, found.visits, found.left_out, found.with_past), (1, 3, 1, 1));
        // The sequence is 0, 1, 0; either carer could do it all.
        let (distinct, excess) = (found.distinct.expect("visits"), found.excess.expect("visits"));
        assert_eq!((distinct.mean, distinct.median, distinct.at_most[0], distinct.at_most[1]), (2.0, 2, 0.0, 1.0));
        assert_eq!((excess.floor, excess.mean, excess.roster_free_floor), (1.0, 1.0, 2.0));
        let coc = found.averages.expect("two visits").unweighted.coc;
        assert!((coc - 1.0 / 3.0).abs() < 1e-12);
        // Carer 0 is known on day 1 from 27 days before and on day 2 from day 1; carer 1 is a new face.
        assert_eq!(found.known_carer_share, Some(2.0 / 3.0));
        assert_eq!(found.new_faces, Some(crate::continuity::NewFaces { mean: 1.0, total: 1 }));
        assert_eq!(found.team_share, Some(2.0 / 3.0));
        let few = found.few.expect("the few are chosen");
        assert_eq!((few.visits, few.few, few.primary), (3, 1.0, 1.0 / 3.0));
    }

    #[test]
    fn groups_are_made_of_the_same_contacts() {
        let (problem, plan) = two_days();
        let facts = Facts::unknown(&problem, 2);
        let records = Records::new(&problem, &plan, &facts);
        let all = records.district();
        // Citizen 2 and later ones have no visits. One visit has no index: the mean is that of citizen 0.
        assert_eq!((all.citizens, all.visits, all.left_out), (2, 4, 1));
        assert_eq!(all.averages.map(|of| (of.citizens, of.visits)), Some((1, 3)));
        assert_eq!(all.distinct.map(|of| (of.mean, of.median, of.p90)), Some((1.5, 1, 2)));
        assert_eq!((all.known_carer_share, all.with_past), (Some(0.5), 1));
        assert_eq!(all.team_share, Some(2.0 / 3.0));
        assert_eq!(records.team(TeamId::new(0)), records.citizen(CitizenId::new(0)));
        let evening = records.layer(Layer::Evening);
        assert_eq!((evening.citizens, evening.visits, evening.left_out), (1, 1, 1));
        assert_eq!(evening.distinct.map(|of| of.mean), Some(1.0));
        assert!(evening.averages.is_none() && records.carers_14d_se().is_none());
        let nobody = records.layer(Layer::Night);
        assert_eq!((nobody.citizens, nobody.visits), (0, 0));
        assert!(nobody.distinct.is_none() && nobody.excess.is_none() && nobody.known_carer_share.is_none() && nobody.new_faces.is_none());
    }

    #[test]
    fn who_came_is_known_for_28_days() {
        let clock = Clock { ticks_per_minute: 1 };
        let citizen = Citizen { history: vec![Met { carer: CarerId::new(0), days_before: 27 }], ..Citizen::new("c") };
        let contact = |day: i64, minute: i64, carer: usize| Contact {
            citizen: CitizenId::new(0),
            carer: CarerId::new(carer),
            visit: VisitId::new(0),
            start: Moment(day * 1440 + minute),
        };
        // 27 days before the first day is 28 before the second and 29 before the third.
        assert_eq!(known(clock, &citizen, &[contact(1, 0, 0)]), [true]);
        assert_eq!(known(clock, &citizen, &[contact(2, 0, 0)]), [false]);
        // A carer is not known for coming at the same moment, but is later that day.
        assert_eq!(known(clock, &citizen, &[contact(2, 5, 1), contact(2, 5, 1), contact(2, 6, 1)]), [false, false, true]);
    }

    #[test]
    fn a_route_may_be_empty_and_a_visit_paid_twice() {
        let (problem, mut plan) = two_days();
        let facts = Facts::unknown(&problem, 2);
        let stop = plan.routes[ShiftId::new(0)].stops[0];
        plan.routes[ShiftId::new(1)].stops.push(stop);
        plan.routes[ShiftId::new(2)] = Route { departure: Moment(0), stops: Vec::new(), back: Moment(0) };
        let found = Records::new(&problem, &plan, &facts).citizen(CitizenId::new(0));
        assert_eq!((found.visits, found.left_out), (3, 2));
    }
}
