//! The text as it is: a fleet line and one line per customer, the depot first.

use crate::ReadError;
use crate::gather::Faults;
use crate::times;

/// Most vehicles; a single number in a hostile file could otherwise ask for any amount of memory.
const MOST_VEHICLES: usize = 10_000;
/// Most lines of customers: their distances are a full matrix.
const MOST_CUSTOMERS: usize = 3_000;
/// Coordinates are within this of 0, so that distances in ticks are within the model's longest travel.
const FARTHEST: f64 = 1e7;

/// The text's content; times in tenths.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) name: Option<String>,
    pub(super) n_vehicles: usize,
    pub(super) capacity: i64,
    pub(super) depot: Customer,
    pub(super) customers: Vec<Customer>,
}

/// A line of the list; times in tenths.
#[derive(Debug, Default)]
pub(super) struct Customer {
    pub(super) id: String,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) demand: i64,
    pub(super) ready: i64,
    pub(super) due: i64,
    pub(super) service: i64,
}

/// Lines that are not empty, with their numbers from 1.
type Lines<'a> = std::iter::Peekable<std::vec::IntoIter<(usize, &'a str)>>;

/// Reads the text.
///
/// # Errors
/// Every fault, with its line.
pub(super) fn parse(text: &str) -> Result<File, ReadError> {
    let numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
    let lines: Vec<_> = numbered.filter(|(_, line)| !line.is_empty()).collect();
    let mut lines = lines.into_iter().peekable();
    let mut faults = Faults::default();
    let mut file = File { name: title(&mut lines), ..File::default() };
    if skip_past(&mut lines, "VEHICLE", &mut faults) {
        (file.n_vehicles, file.capacity) = fleet(&mut lines, &mut faults);
    }
    if skip_past(&mut lines, "CUSTOMER", &mut faults) {
        skip_heading(&mut lines, "CUST");
        match lines.next() {
            Some((number, line)) => file.depot = customer(number, line, &mut faults),
            None => faults.add("the file", "lists no depot"),
        }
        let listed = lines.by_ref().take(MOST_CUSTOMERS);
        file.customers = listed.map(|(number, line)| customer(number, line, &mut faults)).collect();
        if lines.next().is_some() {
            faults.add("the file", format!("has more than {MOST_CUSTOMERS} customers"));
        }
    }
    faults.finish(file)
}

fn title(lines: &mut Lines<'_>) -> Option<String> {
    lines.next_if(|(_, line)| !line.eq_ignore_ascii_case("VEHICLE")).map(|(_, line)| line.to_owned())
}

/// Goes past the line that is this word; `false`, with a fault, if there is none.
fn skip_past(lines: &mut Lines<'_>, word: &str, faults: &mut Faults) -> bool {
    let found = lines.any(|(_, line)| line.eq_ignore_ascii_case(word));
    if !found {
        faults.add("the file", format!("has no line {word} where one is due"));
    }
    found
}

/// Goes past the line of column names that starts so, if it is next.
fn skip_heading(lines: &mut Lines<'_>, start: &str) {
    let _ = lines.next_if(|(_, line)| line.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)));
}

fn fleet(lines: &mut Lines<'_>, faults: &mut Faults) -> (usize, i64) {
    skip_heading(lines, "NUMBER");
    let Some((number, line)) = lines.next() else {
        faults.add("the file", "ends before the number and capacity of vehicles");
        return (0, 0);
    };
    let at = format!("line {number}");
    let [vehicles, capacity] = columns(line, ["the number of vehicles", "the capacity"], &at, faults);
    let vehicles = whole(vehicles, "the number of vehicles", &at, faults);
    let capacity = whole(capacity, "the capacity", &at, faults);
    let n_vehicles = usize::try_from(vehicles).unwrap_or(usize::MAX);
    if n_vehicles > MOST_VEHICLES {
        faults.add(at, format!("the number of vehicles is {n_vehicles}, at most {MOST_VEHICLES} are allowed"));
    }
    (n_vehicles.min(MOST_VEHICLES), capacity)
}

fn customer(number: usize, line: &str, faults: &mut Faults) -> Customer {
    let at = format!("line {number}");
    let names = ["the customer number", "x", "y", "the demand", "the ready time", "the due date", "the service time"];
    let [id, x, y, demand, ready, due, service] = columns(line, names, &at, faults);
    let mut time = |stated, name| times::tenths(number_in(stated), format_args!("{at}, {name}"), faults);
    let (ready, due, service) = (time(ready, "the ready time"), time(due, "the due date"), time(service, "the service time"));
    Customer {
        id: id.to_owned(),
        x: coordinate(x, "x", &at, faults),
        y: coordinate(y, "y", &at, faults),
        demand: whole(demand, "the demand", &at, faults),
        ready,
        due,
        service,
    }
}

/// The columns of a line, empty where there are too few.
fn columns<'a, const N: usize>(line: &'a str, names: [&str; N], at: &str, faults: &mut Faults) -> [&'a str; N] {
    let count = line.split_whitespace().count();
    if count != N {
        faults.add(at, format!("has {count} columns, needs {N}: {}", names.join(", ")));
    }
    let mut words = line.split_whitespace();
    [(); N].map(|()| words.next().unwrap_or_default())
}

fn number_in(word: &str) -> Option<f64> {
    word.parse().ok()
}

fn whole(word: &str, name: &str, at: &str, faults: &mut Faults) -> i64 {
    times::whole(number_in(word), format_args!("{at}, {name}"), faults)
}

fn coordinate(word: &str, name: &str, at: &str, faults: &mut Faults) -> f64 {
    match number_in(word) {
        Some(value) if value.abs() <= FARTHEST => value,
        _ => {
            faults.add(at, format!("{name} is \"{word}\", allowed -{FARTHEST} to {FARTHEST}"));
            0.0
        }
    }
}
