//! The rounds of column generation.

mod pricer;
mod separate;

pub use pricer::{Pricer, Pricing, with_pricer};
use rayon::prelude::*;

use super::branch;
use super::completion::Completion;
use super::day::{Class, Day, Driven};
use super::duals::{Charges, CutRow, Duals, LinkRow, directions};
use super::labels::{Cut, Level, MOST_ELEMENTS, Priced, price};
use super::master::{Column, Master, Relaxation};
use super::starts::Starts;
use crate::cost::evaluate;
use crate::exact::compact::Coverage;
use crate::plan::Plan;
use crate::problem::{Cost, Problem, VisitId};
use crate::stop::Watch;

/// What column generation says about a problem.
#[derive(Clone, Debug)]
pub struct ColumnBound {
    /// No plan without violation costs less; `None` if nothing was proved.
    pub dual_bound: Option<Cost>,
    /// A plan that is cheaper than the incumbent, where branching met one.
    pub plan: Option<Plan>,
    /// Whether routes show all terms, or which parts of the problem the bound leaves out.
    pub covers: Coverage,
    /// Times that the master was solved.
    pub rounds: usize,
    /// Columns of the master.
    pub columns: usize,
    /// Parts of the day that branching looked at.
    pub parts: usize,
}

/// Share of the best prices so far in the next ones (Wentges 1997: a master of few columns exaggerates).
const SMOOTHING: f64 = 0.6;
/// How thoroughly a round looks for routes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effort {
    Quick,
    /// With an eye on what was visited nearby.
    Thorough,
    /// Every route; the round gives a bound.
    Exact,
}

/// Sizes of the neighbourhoods in which routes do not return, one after the other.
const NEIGHBOURS: [usize; 3] = [4, 8, 12];
/// Share of a class' least reduced cost below which exact pricing still follows a label, so that more routes than the best come out.
const BREADTH: f64 = 0.5;
/// Rounds that a part of a day counts for.
const ROUNDS_OF_A_PART: usize = 12;
/// A gap between master and bound below this share of the bound is closed.
const CLOSED: f64 = 1e-4;
/// What stands in for a route to a visit costs so many times what the visit is thought to be worth, at first, and the mean besides.
const TAME: f64 = 1.5;
/// Columns from which on the master is made anew, and how many of them stay.
const MOST_COLUMNS: usize = 4000;
const KEPT_COLUMNS: usize = 1500;

/// When column generation lets go.
#[derive(Clone, Copy, Debug)]
struct Patience {
    /// What lies between master and bound is closed below this share of what lies between bound and incumbent.
    closed: f64,
    /// Rounds of rows that may fail to pay, one after the other.
    unpaid: usize,
}

const FOR_A_DAY: Patience = Patience { closed: 0.0, unpaid: 3 };
/// Where and how a part is cut next is worth more than its last digits.
const FOR_A_PART: Patience = Patience { closed: 0.02, unpaid: 0 };

/// A lower bound on every plan without violation, by column generation until `watch` runs out, at most `rounds` rounds, or until nothing
/// is left to gain. **The incumbent must have no violation**: nothing is sought above its cost.
///
/// Uses `threads` threads of its own.
#[must_use]
pub fn bound(problem: &Problem, incumbent: Option<&Plan>, rounds: usize, threads: usize, watch: &Watch) -> ColumnBound {
    let nothing = |relaxed| ColumnBound { dual_bound: None, plan: None, covers: Coverage::Relaxed(relaxed), rounds: 0, columns: 0, parts: 0 };
    let Some(day) = Day::new(problem, MOST_ELEMENTS) else { return nothing(vec!["everything: the day is too large"]) };
    let Ok(pool) = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build() else { return nothing(vec!["everything: no threads"]) };
    let Some(mut generation) = Generation::new(&day, incumbent) else { return nothing(vec!["everything: no linear programme"]) };
    let finished = generation.run(rounds, Some(&pool), watch).is_some();
    let (mut best, mut plan, mut parts) = (generation.bound(), None, 0);
    if let (true, Some(incumbent), Some(bound)) = (finished, incumbent, best) {
        // Where no part ends in a plan, branching goes on for ever on small gains: few parts have to do where rounds are counted.
        let most = if branch::is_decidable(&day) { rounds } else { rounds / ROUNDS_OF_A_PART };
        let branched = branch::branch(&day, incumbent, &generation, bound, most, &pool, watch);
        (best, plan, parts) = (Some(branched.bound), branched.plan, branched.parts);
    }
    let cost = plan.as_ref().map(|plan| evaluate(problem, plan).cost(problem.objective())).or(generation.cutoff);
    // What is proved above the cost of a plan in hand would prove that there is no such plan.
    let dual_bound = best.map(|best| Cost(ceil_div(best, day.scale))).map(|bound| cost.map_or(bound, |cost| bound.min(cost)));
    // No term is ever negative: a bound below 0 says nothing.
    let dual_bound = dual_bound.filter(|&bound| bound > Cost::ZERO || cost == Some(Cost::ZERO)).map(|bound| bound.max(Cost::ZERO));
    ColumnBound {
        dual_bound,
        plan,
        covers: if day.relaxed.is_empty() { Coverage::Exact } else { Coverage::Relaxed(day.relaxed.clone()) },
        rounds: generation.rounds,
        columns: generation.master.columns.len(),
        parts,
    }
}

/// Whether column generation can hold the day at all.
#[must_use]
pub fn is_in_reach(problem: &Problem) -> bool {
    problem.visits().len() <= MOST_ELEMENTS
}

/// More than a route to a required visit is worth, in units.
fn dear(day: &Day<'_>, cutoff: Option<Cost>) -> i64 {
    cutoff.map_or(1 << 40, |cutoff| cutoff.0.saturating_mul(day.scale).max(day.scale))
}

fn ceil_div(units: i64, scale: i64) -> i64 {
    -(-units).div_euclid(scale)
}

/// Column generation under way.
pub(super) struct Generation<'a> {
    day: &'a Day<'a>,
    pub(super) master: Master<'a>,
    cutoff: Option<Cost>,
    /// The best bound in units, and the prices that gave it.
    best: Option<(i64, Prices)>,
    /// What the next prices stay near to, and what pricing as it is now gives there; it may find too few routes to know a bound.
    centre: Option<(i64, Prices)>,
    rounds: usize,
    /// The bound when cuts came last, while they are worth their time.
    cut_at: Option<i64>,
    /// The bound when rows paid last, and how many rounds of them did not since.
    paid_at: i64,
    unpaid: usize,
    patience: Patience,
    /// Which of [`NEIGHBOURS`].
    neighbours: usize,
}

/// Prices of the rows as the linear programme has them.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    cover: Vec<f64>,
    late: Vec<f64>,
    links: Vec<f64>,
    cuts: Vec<f64>,
}

impl Prices {
    fn of(relaxation: &Relaxation) -> Self {
        Self { cover: relaxation.cover.clone(), late: relaxation.late.clone(), links: relaxation.links.clone(), cuts: relaxation.cuts.clone() }
    }

    /// `share` of the other prices and the rest of these. Rows that the other does not know had no price.
    fn mixed(&self, other: &Self, share: f64) -> Self {
        let mix = |own: &[f64], other: &[f64]| {
            own.iter().enumerate().map(|(at, price)| price * (1.0 - share) + other.get(at).copied().unwrap_or(0.0) * share).collect()
        };
        Self {
            cover: mix(&self.cover, &other.cover),
            late: mix(&self.late, &other.late),
            links: mix(&self.links, &other.links),
            cuts: mix(&self.cuts, &other.cuts),
        }
    }
}

impl<'a> Generation<'a> {
    fn new(day: &'a Day<'a>, incumbent: Option<&Plan>) -> Option<Self> {
        let cutoff = incumbent.map(|plan| evaluate(day.problem, plan).cost(day.problem.objective()));
        let n = day.problem.visits().len();
        let mut shares = Prices { cover: vec![0.0; n], late: vec![0.0; n], links: Vec::new(), cuts: Vec::new() };
        let mut columns = Vec::new();
        for Driven { class, elements, starts } in incumbent.and_then(|plan| day.routes(plan)).unwrap_or_default() {
            let cost = route_cost(day, class, &elements, &starts);
            for &element in &elements {
                for one in day.problem.alternatives(day.classes[class].visits[element]) {
                    shares.cover[one.idx()] = cost as f64 / elements.len() as f64;
                }
            }
            let visits = elements.iter().map(|&element| day.classes[class].visits[element]).collect();
            columns.push(Column { class, visits, starts, cost, is_possible: true });
        }
        // Until there is something better: each visit is worth its share of its route.
        let mut generation = Self::from_prices(day, cutoff, incumbent.map(|_| shares), FOR_A_DAY)?;
        columns.into_iter().for_each(|column| generation.master.add(column));
        Some(Self { cut_at: Some(i64::MIN), ..generation })
    }

    /// Column generation for a part of a day, from prices of the whole.
    pub(super) fn of_part(day: &'a Day<'a>, cutoff: Cost, prices: Option<Prices>) -> Option<Self> {
        Some(Self { neighbours: 1, ..Self::from_prices(day, Some(cutoff), prices, FOR_A_PART)? })
    }

    fn from_prices(day: &'a Day<'a>, cutoff: Option<Cost>, prices: Option<Prices>, patience: Patience) -> Option<Self> {
        let dear = dear(day, cutoff);
        let n = day.problem.visits().len();
        let stand_ins = prices.as_ref().map_or(vec![dear; n], |prices| {
            let mean = prices.cover.iter().sum::<f64>() / n as f64;
            prices.cover.iter().map(|price| ((price * TAME + mean) as i64).clamp(1, dear)).collect()
        });
        Some(Self {
            day,
            master: Master::new(day, &stand_ins)?,
            cutoff,
            best: None,
            centre: prices.map(|prices| (i64::MIN, prices)),
            rounds: 0,
            cut_at: None,
            paid_at: i64::MIN,
            unpaid: 0,
            patience,
            neighbours: 0,
        })
    }

    /// Rounds until nothing is left to gain; the last mix of routes, or `None` where time ran out before there was an end.
    pub(super) fn run(&mut self, rounds: usize, pool: Option<&rayon::ThreadPool>, watch: &Watch) -> Option<Relaxation> {
        let (mut smoothing, mut effort, mut grid) = (SMOOTHING, Effort::Quick, 0);
        let n_classes = self.day.classes.len();
        let few = n_classes.min(3).max(n_classes / 2);
        loop {
            let relaxation = self.master.solve()?;
            if watch.is_over() {
                return None;
            }
            if self.rounds >= rounds {
                return Some(relaxation);
            }
            self.rounds += 1;
            let before = effort;
            let prices = Prices::of(&relaxation);
            let tried = match &self.centre {
                Some((_, centre)) => prices.mixed(centre, smoothing),
                None => prices,
            };
            let duals = Duals::rounded(self.day, &tried.cover, &tried.late, &tried.links, &tried.cuts);
            let priced = self.price(&duals, effort, pool, watch);
            let (value, bound) = self.value(&duals, &priced);
            if self.centre.as_ref().is_none_or(|(best, _)| value > *best) {
                self.centre = Some((value, tried.clone()));
            }
            if let Some(bound) = bound
                && self.best.as_ref().is_none_or(|(best, _)| bound > *best)
            {
                self.best = Some((bound, tried));
            }
            let added = self.add(&priced, &duals, &relaxation);
            let bound = self.bound().unwrap_or(i64::MIN);
            if self.cutoff.is_some_and(|cutoff| bound > (cutoff.0 - 1) * self.day.scale) {
                return Some(relaxation);
            }
            let near = (CLOSED * bound as f64).abs().max(self.patience.closed * self.aim().saturating_sub(bound) as f64);
            let is_closed = relaxation.value - (bound as f64) < near;
            if effort == Effort::Exact && (is_closed || added == 0 && smoothing == 0.0) {
                if self.master.raise(&relaxation.uncovered, dear(self.day, self.cutoff)) {
                    effort = Effort::Quick;
                } else if self.neighbours + 1 < NEIGHBOURS.len() && self.goes_round(&relaxation) {
                    self.neighbours += 1;
                    self.master.drop_impossible();
                } else if self.pays() && self.separate(&relaxation, &mut grid) + self.cut(&relaxation) > 0 {
                    effort = Effort::Quick;
                    if self.master.columns.len() > MOST_COLUMNS {
                        self.shrink(&relaxation)?;
                    }
                } else {
                    return Some(relaxation);
                }
                smoothing = SMOOTHING;
            } else if effort == Effort::Exact && added == 0 {
                // Smoothed prices found nothing that the linear programme wants: its own prices decide.
                smoothing = 0.0;
            } else {
                smoothing = SMOOTHING;
                effort = match effort {
                    Effort::Quick if added < few => Effort::Thorough,
                    Effort::Thorough if added < few => Effort::Exact,
                    Effort::Exact if added >= 2 * n_classes => Effort::Thorough,
                    same => same,
                };
            }
            if effort != before
                && let Some((value, _)) = &mut self.centre
            {
                *value = i64::MIN;
            }
        }
    }

    /// Puts a master of the best columns in place of this one.
    fn shrink(&mut self, relaxation: &Relaxation) -> Option<()> {
        let mut worths: Vec<(f64, &Column)> = self.master.open_columns().map(|column| (self.worth(column, relaxation), column)).collect();
        worths.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut master = Master::new(self.day, &self.master.stand_ins())?;
        self.master.link_rows.iter().for_each(|link| master.add_link_row(*link));
        self.master.cut_rows.iter().for_each(|cut| master.add_cut_row(*cut));
        worths.into_iter().take(KEPT_COLUMNS).for_each(|(_, column)| master.add(column.clone()));
        self.master = master;
        Some(())
    }

    /// The columns that cost least by the prices that column generation starts from, those of a class against its best.
    pub(super) fn cheapest<'c>(&self, columns: Vec<&'c Column>, most: usize) -> Vec<&'c Column> {
        let Some((_, prices)) = &self.centre else { return columns };
        let duals = Duals::rounded(self.day, &prices.cover, &prices.late, &prices.links, &prices.cuts);
        let charges = Charges::new(self.day, &self.master.link_rows, &duals);
        let reduced = |column: &Column| column.cost + self.charged(&duals, &charges, &column.visits, &column.starts);
        let mut priced: Vec<(i64, &Column)> = columns.into_iter().map(|column| (reduced(column), column)).collect();
        let mut least = vec![0; self.day.classes.len()];
        priced.iter().for_each(|(cost, column)| least[column.class] = least[column.class].min(*cost));
        priced.sort_by_key(|(cost, column)| cost - least[column.class]);
        priced.into_iter().take(most).map(|(_, column)| column).collect()
    }

    /// What prices are worth with what pricing found, in units, and the bound if pricing knows one.
    fn value(&self, duals: &Duals, priced: &[Priced]) -> (i64, Option<i64>) {
        let classes = || self.day.classes.iter().zip(priced);
        let found = |priced: &Priced| priced.paths.first().map_or(0, |path| path.reduced_cost);
        let value: i64 = classes().map(|(class, priced)| priced.least.unwrap_or_else(|| found(priced)) * class.shifts.len() as i64).sum();
        let saved: Option<i64> = classes().map(|(class, priced)| priced.least.map(|least| least * class.shifts.len() as i64)).sum();
        let fixed = duals.fixed(self.day);
        (fixed + value, saved.map(|saved| fixed + saved))
    }

    /// Where the bound may end, in units: the cost of the incumbent, or the bound itself if there is none.
    pub(super) fn aim(&self) -> i64 {
        self.cutoff.map_or_else(|| self.bound().unwrap_or(i64::MIN), |cutoff| cutoff.0.saturating_mul(self.day.scale))
    }

    /// No plan of the day costs less, in units.
    pub(super) fn bound(&self) -> Option<i64> {
        self.best.as_ref().map(|(bound, _)| *bound).filter(|bound| *bound > i64::MIN)
    }

    /// The cuts that count for the best bound, and the prices that gave it with no other cuts.
    pub(super) fn binding(&self) -> (Vec<CutRow>, Option<Prices>) {
        let Some(mut prices) = self.prices() else { return (self.master.cut_rows.clone(), None) };
        let binding = self.master.cut_rows.iter().zip(&prices.cuts).filter(|(_, price)| **price > 0.0);
        let (cuts, kept) = binding.map(|(&cut, &price)| (cut, price)).unzip();
        prices.cuts = kept;
        (cuts, Some(prices))
    }

    /// The prices that gave the best bound.
    pub(super) fn prices(&self) -> Option<Prices> {
        self.best.as_ref().map(|(_, prices)| prices.clone())
    }

    fn price(&self, duals: &Duals, effort: Effort, pool: Option<&rayon::ThreadPool>, watch: &Watch) -> Vec<Priced> {
        let charges = Charges::new(self.day, &self.master.link_rows, duals);
        let starts: Vec<Starts> = self.day.problem.visits().ids().map(|visit| Starts::new(self.day, &charges, duals, visit)).collect();
        let neighbours = NEIGHBOURS[self.neighbours];
        let priced_cuts: Vec<(&CutRow, i64)> = self.master.cut_rows.iter().zip(duals.cuts.iter().copied()).filter(|(_, price)| *price > 0).collect();
        let one = |class: &Class| {
            let own: Vec<&Starts> = class.visits.iter().map(|visit| &starts[visit.idx()]).collect();
            let cuts: Vec<Cut> = priced_cuts.iter().filter_map(|&(cut, price)| cut_of(class, cut, price)).collect();
            match effort {
                Effort::Quick => price(class, &own, &cuts, Level::Quick { neighbours: 0 }, watch),
                Effort::Thorough => price(class, &own, &cuts, Level::Quick { neighbours: NEIGHBOURS[0] }, watch),
                Effort::Exact => {
                    let completion = Completion::new(class, &own);
                    price(class, &own, &cuts, Level::Exact { neighbours, completion: &completion, breadth: BREADTH }, watch)
                }
            }
        };
        match pool {
            Some(pool) => pool.install(|| self.day.classes.par_iter().map(one).collect()),
            None => self.day.classes.iter().map(one).collect(),
        }
    }

    /// Adds the routes found, and says how many of them the linear programme wants by its own prices.
    fn add(&mut self, priced: &[Priced], duals: &Duals, relaxation: &Relaxation) -> usize {
        let charges = Charges::new(self.day, &self.master.link_rows, duals);
        let mut wanted = 0;
        for (class, priced) in priced.iter().enumerate() {
            let facts = &self.day.classes[class];
            for path in priced.paths.iter().take(ROUTES_OF_A_CLASS) {
                let visits: Vec<_> = path.elements.iter().map(|&element| facts.visits[element]).collect();
                let cost = path.reduced_cost - self.charged(duals, &charges, &visits, &path.starts);
                let column = Column { class, visits, starts: path.starts.clone(), cost, is_possible: is_possible(facts, &path.elements) };
                let worth = self.worth(&column, relaxation);
                wanted += usize::from(worth < -1e-6 * (1.0 + relaxation.value.abs()));
                self.master.add(column);
            }
        }
        wanted
    }

    /// What prices charge a route beyond its cost.
    fn charged(&self, duals: &Duals, charges: &Charges, visits: &[VisitId], starts: &[i64]) -> i64 {
        let charged: i64 = visits.iter().zip(starts).map(|(&visit, &start)| charges.of(self.day, duals, visit, start)).sum();
        charged + self.master.cut_rows.iter().zip(&duals.cuts).map(|(cut, price)| cut.entry(visits) * price).sum::<i64>()
    }

    /// The reduced cost of a column by the linear programme's own prices.
    fn worth(&self, column: &Column, relaxation: &Relaxation) -> f64 {
        let mut worth = column.cost as f64 - relaxation.classes[column.class];
        for (&visit, &start) in column.visits.iter().zip(&column.starts) {
            worth += self.day.late(visit, start) as f64 * relaxation.late[visit.idx()] - relaxation.cover[visit.idx()];
            for (row, price) in self.master.link_rows.iter().zip(&relaxation.links) {
                worth -= row.entry(visit, start) as f64 * price;
            }
        }
        let again = self.master.cut_rows.iter().zip(&relaxation.cuts).map(|(cut, price)| cut.entry(&column.visits) as f64 * price);
        worth + again.sum::<f64>()
    }

    /// Whether the mix has routes that no plan can have.
    fn goes_round(&self, relaxation: &Relaxation) -> bool {
        self.master.columns.iter().zip(&relaxation.shares).any(|(column, share)| *share > LEAST_SHARE && !column.is_possible)
    }
}

/// A cut as a class sees it; `None` where no route of the class can meet it.
pub(super) fn cut_of(class: &Class, cut: &CutRow, price: i64) -> Option<Cut> {
    let elements: Vec<usize> = cut.0.iter().filter_map(|visit| class.visits.binary_search(visit).ok()).collect();
    (!elements.is_empty()).then_some(Cut { elements, price })
}

/// Whether a route serves no visit twice and no two visits that rule each other out.
fn is_possible(class: &Class, elements: &[usize]) -> bool {
    (1..elements.len()).all(|at| elements[..at].iter().all(|earlier| !class.rivals[elements[at]].contains(earlier)))
}

/// What a route costs in units, its stops at these starts.
fn route_cost(day: &Day<'_>, class: usize, elements: &[usize], starts: &[i64]) -> i64 {
    let facts = &day.classes[class];
    let toll = |legs: &[super::day::Leg], to: usize| legs.iter().find(|leg| leg.to == to).map_or(0, |leg| leg.toll);
    let rides = elements.windows(2).map(|pair| toll(&facts.legs[pair[0]], pair[1])).sum::<i64>();
    let out = elements.first().map_or(0, |&element| toll(&facts.first, element));
    let home = elements.last().zip(starts.last()).map_or(0, |(&element, &start)| super::completion::home(facts, element, start));
    let visits = elements.iter().zip(starts).map(|(&element, &start)| day.start_price(facts.visits[element], start)).sum::<i64>();
    rides + out + home + visits
}

/// A route with less of a share than this is not in the mix.
const LEAST_SHARE: f64 = 1e-9;
/// Routes of a class in one round.
const ROUTES_OF_A_CLASS: usize = 12;
