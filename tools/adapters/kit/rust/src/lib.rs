//! Assay's side of an adapter in Rust: a table of losses becomes a testee that `assay` starts and asks. README.md shows
//! one. A loss that panics answers its case with that error, and no other.

mod array;

use array::{read, write};
pub use array::{Array, Numbers};
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::os::fd::AsFd;
use std::panic::{catch_unwind, panic_any, AssertUnwindSafe};

pub type Tensors<T> = BTreeMap<String, T>;

#[derive(Clone, Copy, PartialEq)]
pub enum Reduction {
    None,
    Mean,
    Sum,
}

/// What a case says of parameters.
pub struct Parameters(Map<String, Value>);

impl Parameters {
    pub fn number(&self, name: &str, otherwise: f64) -> f64 {
        self.0.get(name).and_then(Value::as_f64).unwrap_or(otherwise)
    }
    pub fn flag(&self, name: &str, otherwise: bool) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(otherwise)
    }
}

/// What the framework does: its tensors, and how it differentiates `loss(inputs)`. No cotangent is one of all ones.
pub trait Framework {
    type Tensor;
    fn decode(&self, array: Array) -> Self::Tensor;
    fn encode(&self, tensor: Self::Tensor) -> Array;
    #[rustfmt::skip]
    fn gradient(&self, loss: &dyn Fn(&Tensors<Self::Tensor>) -> Self::Tensor, inputs: Tensors<Self::Tensor>,
        wrt: &[String], cotangent: Option<Self::Tensor>) -> (Self::Tensor, Vec<Self::Tensor>);
}

struct Skipped(String);

/// Ends a loss with what this machine cannot answer, as against what the framework gets wrong.
pub fn skip(why: impl Into<String>) -> ! {
    panic_any(Skipped(why.into()))
}

extern "C" {
    fn dup2(from: i32, to: i32) -> i32;
}

pub type Loss<T> = fn(&Tensors<T>, &Parameters, Reduction) -> T;

pub struct Testee<F: Framework> {
    pub name: &'static str,
    pub version: &'static str,
    pub dtypes: &'static [&'static str],
    pub framework: F,
    /// Name, what narrows the offer (gradient, parameters, inputs, ranks, conventions, reductions, dtypes), function.
    pub losses: Vec<(&'static str, Value, Loss<F::Tensor>)>,
}

impl<F: Framework> Testee<F> {
    pub fn serve(&self) {
        if std::env::args().nth(1).as_deref() == Some("--version") {
            return println!("{} {}", self.name, self.version);
        }
        // Standard output belongs to the protocol: whatever is printed there goes to standard error. Panics are answers.
        let mut output = std::fs::File::from(std::io::stdout().as_fd().try_clone_to_owned().expect("standard output"));
        unsafe { dup2(2, 1) };
        std::panic::set_hook(Box::new(|_| {}));
        for line in std::io::stdin().lock().lines() {
            let request: Value = serde_json::from_str(&line.expect("UTF-8")).expect("JSON");
            if request.get("bye").is_some() {
                return;
            }
            let answer = if request.get("assay").is_some() { self.handshake() } else { self.reply(&request) };
            output.write_all(format!("{answer}\n").as_bytes()).expect("standard output");
        }
    }

    fn handshake(&self) -> Value {
        let mut losses = Map::new();
        for (name, narrowed, _) in &self.losses {
            let mut offer = json!({"dtypes": self.dtypes, "reductions": ["none", "mean", "sum"], "gradient": false});
            offer.as_object_mut().unwrap().extend(narrowed.as_object().expect("an object narrows an offer").clone());
            losses.insert(name.to_string(), offer);
        }
        let implementation = json!({"name": self.name, "version": self.version, "language": "rust"});
        json!({"assay": 1, "implementation": implementation, "losses": losses, "encoding": "bits"})
    }

    fn reply(&self, request: &Value) -> Value {
        let mut answer = catch_unwind(AssertUnwindSafe(|| self.evaluate(request))).unwrap_or_else(|thrown| {
            if let Some(Skipped(why)) = thrown.downcast_ref() {
                return json!({"skipped": why});
            }
            let said = thrown.downcast_ref::<&str>().copied().or(thrown.downcast_ref::<String>().map(String::as_str));
            json!({"error": said.and_then(|text| text.lines().next()).unwrap_or("a panic without a message")})
        });
        answer["id"] = request["id"].clone();
        answer
    }

    fn evaluate(&self, request: &Value) -> Value {
        let dtype = request["dtype"].as_str().expect("a dtype");
        let decode = |tensor: &Value| self.framework.decode(read(tensor, dtype));
        let encode = |tensor| write(self.framework.encode(tensor));
        if let Some(echo) = request.get("echo") {
            return json!({"echo": encode(decode(echo))});
        }
        let name = request["loss"].as_str().expect("a loss");
        let Some((_, _, loss)) = self.losses.iter().find(|each| each.0 == name) else { skip(format!("{} has no {name}", self.name)) };
        let given = request["inputs"].as_object().expect("inputs").iter();
        let mut inputs: Tensors<_> = given.map(|(name, tensor)| (name.clone(), decode(tensor))).collect();
        let cotangent = inputs.remove("cotangent");
        let parameters = Parameters(request["parameters"].as_object().cloned().unwrap_or_default());
        let reduction = match request["reduction"].as_str() {
            Some("none") => Reduction::None,
            Some("sum") => Reduction::Sum,
            _ => Reduction::Mean,
        };
        let loss = |given: &Tensors<_>| loss(given, &parameters, reduction);
        let wrt: Vec<String> = serde_json::from_value(request["wrt"].clone()).unwrap_or_default();
        if wrt.is_empty() {
            return json!({"value": encode(loss(&inputs))});
        }
        let (value, slopes) = self.framework.gradient(&loss, inputs, &wrt, cotangent);
        let gradient: BTreeMap<_, _> = wrt.iter().zip(slopes.into_iter().map(encode)).collect();
        json!({"value": encode(value), "gradient": gradient})
    }
}
