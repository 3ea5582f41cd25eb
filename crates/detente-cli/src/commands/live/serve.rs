//! The server: a request in, an answer out. What takes worlds is worked out on a thread of its own and stops when nobody waits for it.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::Value;
use tokio::net::TcpListener;

use super::disk::Disk;
use super::guard::{Guard, Refusal};
use super::page;
use crate::failure::Failure;
use crate::output;

/// A body that is longer is refused: twice what a case may have.
const LONGEST: usize = 8 << 20;
/// How long a head may take to come.
const HEAD: Duration = Duration::from_secs(10);
/// How long a body may take to come.
const BODY: Duration = Duration::from_secs(30);
/// How often files are looked at, and how long somebody waits to hear that they changed.
const LOOK: Duration = Duration::from_millis(300);
const WAIT: Duration = Duration::from_secs(25);
/// Connections at a time.
const CONNECTIONS: usize = 64;

/// What all requests share.
pub(super) struct Shared {
    guard: Guard,
    disk: Disk,
    /// By session of a page: its newest turn.
    turns: Mutex<HashMap<String, Arc<AtomicU64>>>,
}

impl Shared {
    pub(super) fn new(guard: Guard, disk: Disk) -> Self {
        Self {
            guard,
            disk,
            turns: Mutex::default(),
        }
    }

    /// The newest turn of a session, which is at least this one.
    fn turn(&self, session: &str, turn: u64) -> Arc<AtomicU64> {
        /// Pages that are kept account of; nobody has so many open.
        const SESSIONS: usize = 1000;
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() > SESSIONS {
            turns.clear();
        }
        let newest = turns.entry(session.to_owned()).or_default();
        newest.fetch_max(turn, Ordering::SeqCst);
        newest.clone()
    }
}

/// A question of a page, which is left behind once the page has a newer turn or has hung up.
struct Turn {
    own: u64,
    newest: Arc<AtomicU64>,
    gone: Arc<AtomicU64>,
}

impl detente::Progress for Turn {
    fn advance(&self, _: usize) {}

    fn stopped(&self) -> bool {
        self.abandoned()
    }

    fn abandoned(&self) -> bool {
        self.newest.load(Ordering::SeqCst) > self.own || self.gone.load(Ordering::SeqCst) > 0
    }
}

/// Says that whoever asked is gone, once it is dropped: a connection that ends drops what was being awaited for it.
struct Waiting(Arc<AtomicU64>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(1, Ordering::SeqCst);
    }
}

/// Serves until somebody ends the program.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) -> Result<(), Failure> {
    let room = Arc::new(tokio::sync::Semaphore::new(CONNECTIONS));
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            loop {
                let Ok(place) = room.clone().acquire_owned().await else {
                    return Ok(());
                };
                let (stream, _) = match listener.accept().await {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        // Such as too many open files: it passes.
                        output::note(&format!("a connection failed: {error}"));
                        tokio::time::sleep(LOOK).await;
                        continue;
                    }
                };
                let shared = shared.clone();
                tokio::task::spawn_local(async move {
                    let answering = service_fn(move |request| {
                        let shared = shared.clone();
                        async move { Ok::<_, Infallible>(answer(request, &shared).await) }
                    });
                    // One that drops out half-way is no fault of the server.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .timer(TokioTimer::new())
                        .header_read_timeout(HEAD)
                        .serve_connection(TokioIo::new(stream), answering)
                        .await;
                    drop(place);
                });
            }
        })
        .await
}

type Answered = Response<Full<Bytes>>;

async fn answer(request: Request<Incoming>, shared: &Arc<Shared>) -> Answered {
    let path = request.uri().path().to_owned();
    let query = query(request.uri().query().unwrap_or(""));
    let (headers, method) = (request.headers(), request.method());
    let known = ["/", "/live.js", "/live.css", "/files", "/changed", "/ask"];
    let admitted = match path.as_str() {
        "/live.js" | "/live.css" => shared.guard.admits(headers),
        _ => shared
            .guard
            .admits_with(headers, query.get("token").map(String::as_str)),
    };
    if let Err(refusal) = admitted {
        let why = match refusal {
            Refusal::Host => "this server answers to 127.0.0.1 and localhost alone",
            Refusal::Origin => "this server answers its own pages alone",
            Refusal::Token => {
                "open the address that `detente live` printed: it holds a token without which nothing is answered"
            }
        };
        return plain(StatusCode::FORBIDDEN, why);
    }
    if !known.contains(&path.as_str()) {
        return plain(StatusCode::NOT_FOUND, "there is nothing here");
    }
    match (method, path.as_str()) {
        (&Method::GET, "/files") => json(&shared.disk.told()),
        (&Method::GET, "/changed") => {
            let seen = query.get("version").cloned().unwrap_or_default();
            changed(shared, &seen).await
        }
        (&Method::PUT, "/files") => match body(request).await {
            Ok(body) => match serde_json::from_slice(&body).map_err(|error| error.to_string()) {
                Ok(saved) => {
                    let saved: Value = saved;
                    match shared.disk.save(&saved) {
                        Ok(told) => json(&told),
                        Err(why) => plain(StatusCode::BAD_REQUEST, &why),
                    }
                }
                Err(why) => plain(StatusCode::BAD_REQUEST, &format!("no JSON: {why}")),
            },
            Err(refused) => refused,
        },
        (&Method::POST, "/ask") => match body(request).await {
            Ok(body) => ask(shared, &query, body).await,
            Err(refused) => refused,
        },
        (&Method::GET, path) => match page::part(path) {
            Some((kind, text)) => with_type(StatusCode::OK, kind, text),
            None => plain(StatusCode::METHOD_NOT_ALLOWED, "not asked this way"),
        },
        _ => plain(StatusCode::METHOD_NOT_ALLOWED, "not asked this way"),
    }
}

/// A question to the engine.
async fn ask(shared: &Arc<Shared>, query: &HashMap<String, String>, body: Bytes) -> Answered {
    let Ok(question) = String::from_utf8(body.to_vec()) else {
        return plain(StatusCode::BAD_REQUEST, "the question is no UTF-8 text");
    };
    let gone = Arc::new(AtomicU64::new(0));
    let waiting = Waiting(gone.clone());
    let session = query.get("session").map_or("", String::as_str);
    let turn = match query.get("turn").and_then(|turn| turn.parse().ok()) {
        Some(own) => Turn {
            own,
            newest: shared.turn(session, own),
            gone,
        },
        // What is answered at once is of no turn.
        None => Turn {
            own: u64::MAX,
            newest: Arc::default(),
            gone,
        },
    };
    let told = tokio::task::spawn_blocking(move || detente_live::answer(&question, &turn)).await;
    drop(waiting);
    match told {
        Ok(told) => with_type(StatusCode::OK, "application/json", told),
        Err(_) => plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the question could not be answered: a defect of detente, please report it",
        ),
    }
}

/// Waits until the files are no longer what somebody has seen, or for as long as anybody waits.
async fn changed(shared: &Arc<Shared>, seen: &str) -> Answered {
    let until = tokio::time::Instant::now() + WAIT;
    loop {
        let told = shared.disk.told();
        if told["version"] != seen || tokio::time::Instant::now() >= until {
            return json(&told);
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// The body of a request, if it is of a length that a case may have and comes before anybody has waited too long.
async fn body(request: Request<Incoming>) -> Result<Bytes, Answered> {
    let read = Limited::new(request.into_body(), LONGEST).collect();
    match tokio::time::timeout(BODY, read).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => {
            let why = format!("a question may have {} MiB", LONGEST >> 20);
            Err(plain(StatusCode::PAYLOAD_TOO_LARGE, &why))
        }
        Ok(Err(_)) => Err(plain(StatusCode::BAD_REQUEST, "the question broke off")),
        Err(_) => Err(plain(
            StatusCode::REQUEST_TIMEOUT,
            "the question did not come",
        )),
    }
}

/// The parts of a query, as they stand: none of ours needs an escape.
fn query(text: &str) -> HashMap<String, String> {
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

fn json(value: &Value) -> Answered {
    with_type(StatusCode::OK, "application/json", value.to_string())
}

fn plain(status: StatusCode, text: &str) -> Answered {
    with_type(status, "text/plain; charset=utf-8", text.to_owned())
}

fn with_type(status: StatusCode, kind: &'static str, text: String) -> Answered {
    let mut answer = Response::new(Full::new(Bytes::from(text)));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(policy) = HeaderValue::from_str(&page::policy()) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
