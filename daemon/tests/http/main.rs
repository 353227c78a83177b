//! The HTTP service as a client sees it: stories of requests against the router, and one over a real socket.

mod client;
mod documents;
mod evaluations;
mod faults;
mod plans;
mod replans;
mod say;
mod service;
mod shutdown;
