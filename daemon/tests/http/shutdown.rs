//! Going down in order, over a real socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use kendt_daemon::app::AppState;
use kendt_daemon::config::Config;
use kendt_daemon::server;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::documents::endless_request;

/// Sends one request and reads the whole answer.
fn talk(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn shutdown_stops_jobs_and_finishes_open_answers() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let state = AppState::new(Config::default()).unwrap();
    let served = tokio::spawn(server::run(listener, state, async {
        let _ = stopped.await;
    }));

    let body = endless_request().to_string();
    let head = format!(
        "POST /v1/plans HTTP/1.1\r\nhost: kendt\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let answer = tokio::task::spawn_blocking(move || talk(address, &(head + &body))).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    let location = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap().to_owned();

    let events =
        tokio::task::spawn_blocking(move || talk(address, &format!("GET {location}/events HTTP/1.1\r\nhost: kendt\r\nconnection: close\r\n\r\n")));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let begin = Instant::now();
    stop.send(()).unwrap();
    let story = events.await.unwrap();
    assert!(story.contains("\"state\":\"stopped\""), "{story}");
    served.await.unwrap().unwrap();
    assert!(begin.elapsed() < Duration::from_secs(30));
    assert!(TcpStream::connect(address).is_err());
}
