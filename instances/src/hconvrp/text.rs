//! The text as it is: a few named numbers, the types of vehicles, and lists of customers.

use crate::ReadError;
use crate::gather::Faults;
use crate::times;

/// Most vehicles; a single number in a hostile file could otherwise ask for any amount of memory.
const MOST_VEHICLES: i64 = 1_000;
/// Most customers.
const MOST_CUSTOMERS: usize = 3_000;
/// Most days.
const MOST_DAYS: i64 = 31;
/// Coordinates are within this of 0, so that distances in ticks are within the model's longest travel.
const FARTHEST: f64 = 3e4;
/// Longest route, in units of time.
const LONGEST_ROUTE: i64 = 100_000;

/// What a column of the compatibility is for. A vehicle that a line is too short for may not come: who may, then may in any reading.
const VEHICLE: &str = "vehicle";

/// The text's content.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) name: Option<String>,
    /// Longest route, in units of time.
    pub(super) longest: i64,
    pub(super) days: usize,
    pub(super) types: Vec<Type>,
    pub(super) depot: (f64, f64),
    pub(super) customers: Vec<Customer>,
}

/// A type of vehicle; costs in tenths.
#[derive(Debug, Default)]
pub(super) struct Type {
    /// Where it stands in the file.
    pub(super) at: String,
    pub(super) n_vehicles: usize,
    pub(super) capacity: i64,
    pub(super) fixed: i64,
    pub(super) variable: i64,
    pub(super) speed: f64,
}

/// A customer.
#[derive(Debug, Default)]
pub(super) struct Customer {
    pub(super) x: f64,
    pub(super) y: f64,
    /// Service time in units.
    pub(super) service: i64,
    /// By day: what is delivered, `None` where nobody comes.
    pub(super) demands: Vec<Option<i64>>,
    /// By vehicle: whether it may come. Empty where all may.
    pub(super) compatible: Vec<bool>,
}

/// The list that a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Head,
    Coordinates,
    Demands,
    Compatibility,
}

/// What has been read so far.
#[derive(Default)]
struct Reader {
    file: File,
    faults: Faults,
    stated: Stated,
    n_demands: usize,
    n_compatible: usize,
}

/// Numbers that the text states and that lists are held against.
#[derive(Default)]
struct Stated {
    longest: Option<i64>,
    days: Option<i64>,
    types: Option<i64>,
    nodes: Option<i64>,
    depot: bool,
}

/// Reads the text.
///
/// # Errors
/// Every fault, with its line.
pub(super) fn parse(text: &str) -> Result<File, ReadError> {
    let mut reader = Reader::default();
    let mut section = Section::Head;
    for (number, line) in text.lines().enumerate() {
        let at = format!("line {}", number + 1);
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some(first) = words.first() else { continue };
        if first.starts_with(|c: char| c.is_ascii_alphabetic()) {
            section = reader.heading(&at, &words);
        } else {
            reader.row(&at, section, &words);
        }
    }
    reader.whole()
}

impl Reader {
    /// A line that begins with a word.
    fn heading(&mut self, at: &str, words: &[&str]) -> Section {
        let upper: Vec<String> = words.iter().map(|word| word.to_ascii_uppercase()).collect();
        let value = words.last().copied().unwrap_or_default();
        let mut number = |name: &str, least: i64, most: i64| Some(self.number(value, &format!("{at}, {name}"), least, most));
        match (upper[0].as_str(), upper.get(1).map_or("", String::as_str)) {
            ("NAME", _) => self.file.name = (words.len() > 1).then(|| words[1..].join(" ")),
            ("MAXTIME", _) => self.stated.longest = number("the longest route", 1, LONGEST_ROUTE),
            ("DAYS", _) => self.stated.days = number("the number of days", 1, MOST_DAYS),
            ("FLEET", "SIZE") => {
                let _ = number("the number of vehicles", 0, MOST_VEHICLES);
            }
            ("VEHICLE", "TYPES") => self.stated.types = number("the number of types", 0, MOST_VEHICLES),
            ("CUSTOMERS", _) => self.stated.nodes = number("the number of nodes", 1, i64::from(u16::MAX)),
            ("DEPOT", _) => {
                let place = |index: usize| words.get(index).copied().unwrap_or_default();
                self.stated.depot = true;
                self.file.depot = (self.coordinate(place(1), at, "x"), self.coordinate(place(2), at, "y"));
            }
            ("CUSTOMERCOORDINATES", _) => return Section::Coordinates,
            ("CUSTOMERDEMANDS", _) => return Section::Demands,
            ("COMPATIBILITY", _) => return Section::Compatibility,
            (word, _) if word.starts_with("TYPE") => self.vehicles(at, words),
            (word, _) => self.faults.add(at, format!("begins with {word}, which means nothing here")),
        }
        Section::Head
    }

    fn vehicles(&mut self, at: &str, words: &[&str]) {
        let [_, n_vehicles, capacity, fixed, variable, speed] = words else {
            self.faults.add(at, format!("has {} columns, needs 6: type, vehicles, capacity, fixed cost, variable cost, speed", words.len()));
            return;
        };
        let n_vehicles = self.number(n_vehicles, &format!("{at}, the number of vehicles"), 0, MOST_VEHICLES);
        let mut cost = |word: &str, name: &str| times::tenths(word.parse().ok(), format_args!("{at}, {name}"), &mut self.faults);
        let (fixed, variable) = (cost(fixed, "the fixed cost"), cost(variable, "the variable cost"));
        let speed = match speed.parse::<f64>() {
            Ok(speed) if (0.01..=1000.0).contains(&speed) => speed,
            _ => {
                self.faults.add(at, format!("the speed is {speed}, allowed 0.01 to 1000"));
                1.0
            }
        };
        self.file.types.push(Type {
            at: at.to_owned(),
            n_vehicles: usize::try_from(n_vehicles).unwrap_or_default(),
            capacity: times::whole(capacity.parse().ok(), format_args!("{at}, the capacity"), &mut self.faults),
            fixed,
            variable,
            speed,
        });
    }

    /// A line of numbers in a list.
    fn row(&mut self, at: &str, section: Section, words: &[&str]) {
        match section {
            Section::Head => self.faults.add(at, "stands outside every list"),
            Section::Coordinates => self.coordinates(at, words),
            Section::Demands => {
                let customer = self.n_demands;
                self.n_demands += 1;
                let days = usize::try_from(self.stated.days.unwrap_or_default()).unwrap_or_default();
                let numbers = self.listed(at, customer, words, days, "day");
                // Published sets write both 0 and -1 for a day without a visit.
                let demands = numbers.into_iter().map(|number| (number > 0).then_some(number)).collect();
                if let Some(customer) = self.file.customers.get_mut(customer) {
                    customer.demands = demands;
                }
            }
            Section::Compatibility => {
                let customer = self.n_compatible;
                self.n_compatible += 1;
                let vehicles = self.file.types.iter().map(|kind| kind.n_vehicles).sum();
                let compatible = self.listed(at, customer, words, vehicles, VEHICLE).into_iter().map(|number| number > 0).collect();
                if let Some(customer) = self.file.customers.get_mut(customer) {
                    customer.compatible = compatible;
                }
            }
        }
    }

    fn coordinates(&mut self, at: &str, words: &[&str]) {
        if self.file.customers.len() == MOST_CUSTOMERS {
            self.faults.add(at, format!("is one customer more than {MOST_CUSTOMERS}"));
            return;
        }
        if !(3..=4).contains(&words.len()) {
            self.faults.add(at, format!("has {} columns, needs 3: x, y, service time", words.len()));
            return;
        }
        let service = words[words.len() - 1];
        let customer = Customer {
            x: self.coordinate(words[0], at, "x"),
            y: self.coordinate(words[1], at, "y"),
            service: self.number(service, &format!("{at}, the service time"), 0, LONGEST_ROUTE),
            ..Customer::default()
        };
        self.file.customers.push(customer);
    }

    /// The numbers of a line behind the customer's own, from -1 on.
    fn listed(&mut self, at: &str, customer: usize, words: &[&str], wanted: usize, each: &str) -> Vec<i64> {
        if words[0] != (customer + 1).to_string() {
            self.faults.add(at, format!("is of customer {}, the next one is {}", words[0], customer + 1));
        }
        let is_short = each == VEHICLE && (2..=wanted).contains(&words.len());
        if words.len() != wanted + 1 && !is_short {
            self.faults.add(at, format!("has {} columns, needs {}: the customer and one for each {each}", words.len(), wanted + 1));
            return vec![0; wanted];
        }
        let of = |(index, word): (usize, &&str)| self.number(word, &format!("{at}, {each} {}", index + 1), -1, 1 << 40);
        let mut numbers: Vec<i64> = words[1..].iter().enumerate().map(of).collect();
        numbers.resize(wanted, 0);
        numbers
    }

    fn number(&mut self, word: &str, at: &str, least: i64, most: i64) -> i64 {
        match word.parse::<i64>() {
            Ok(number) if (least..=most).contains(&number) => number,
            _ => {
                self.faults.add(at, format!("is \"{word}\", allowed are whole numbers from {least} to {most}"));
                least
            }
        }
    }

    fn coordinate(&mut self, word: &str, at: &str, name: &str) -> f64 {
        match word.parse::<f64>() {
            Ok(value) if value.abs() <= FARTHEST => value,
            _ => {
                self.faults.add(at, format!("{name} is \"{word}\", allowed -{FARTHEST} to {FARTHEST}"));
                0.0
            }
        }
    }

    /// The file, once everything that it needs is there.
    fn whole(mut self) -> Result<File, ReadError> {
        let faults = &mut self.faults;
        for (is_there, what) in [
            (self.stated.longest.is_some(), "MAXTIME"),
            (self.stated.days.is_some(), "DAYS"),
            (self.stated.depot, "DEPOT"),
            (!self.file.types.is_empty(), "TYPE1"),
        ] {
            if !is_there {
                faults.add("the file", format!("has no line {what}"));
            }
        }
        let n = self.file.customers.len();
        let mut held = |stated: usize, found: usize, what: &str| {
            if stated != found {
                faults.add("the file", format!("has {found} {what}, not {stated}"));
            }
        };
        // The depot is one of the nodes.
        held(self.stated.nodes.map_or(n, |nodes| usize::try_from(nodes - 1).unwrap_or_default()), n, "lines of coordinates");
        held(n, self.n_demands, "lines of demands");
        held(
            self.stated.types.map_or(self.file.types.len(), |types| usize::try_from(types).unwrap_or_default()),
            self.file.types.len(),
            "types of vehicles",
        );
        if self.n_compatible > 0 {
            held(n, self.n_compatible, "lines of compatibility");
        }
        let vehicles: usize = self.file.types.iter().map(|kind| kind.n_vehicles).sum();
        if vehicles > usize::try_from(MOST_VEHICLES).unwrap_or_default() {
            faults.add("the file", format!("has {vehicles} vehicles, at most {MOST_VEHICLES} are allowed"));
        }
        self.file.longest = self.stated.longest.unwrap_or_default();
        self.file.days = usize::try_from(self.stated.days.unwrap_or_default()).unwrap_or_default();
        self.faults.finish(self.file)
    }
}
