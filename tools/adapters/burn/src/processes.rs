//! Burn has one default type of real numbers a process, and its losses make tensors of that type on the way. So each type has
//! a process of its own, which makes it the default, as who works in f64 does; this one hands requests on to them.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

struct Worker {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    fn start(dtype: &str) -> Worker {
        let program = std::env::current_exe().expect("the path of this program");
        let piped = Command::new(program).args(["--dtype", dtype]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut process = piped.expect("this program, started again");
        let (requests, answers) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        Worker { process, requests, answers: BufReader::new(answers) }
    }

    fn ask(&mut self, request: &str) -> String {
        self.requests.write_all(format!("{request}\n").as_bytes()).expect("a process that takes requests");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("UTF-8");
        answer
    }

    fn end(mut self) {
        drop(self.requests);
        let mut rest = Vec::new();
        self.answers.read_to_end(&mut rest).expect("the end of its answers");
        self.process.wait().expect("its end");
    }
}

pub fn hand_on() {
    let (mut single, mut double) = (Worker::start("f32"), Worker::start("f64"));
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("UTF-8");
        let request: Value = serde_json::from_str(&line).expect("JSON");
        if request.get("bye").is_some() {
            break;
        }
        let answer = if request["dtype"] == "f64" { double.ask(&line) } else { single.ask(&line) };
        if answer.is_empty() {
            // It died; so does this one, and the case that was asked is to blame.
            std::process::exit(1);
        }
        let mut output = std::io::stdout().lock();
        output.write_all(answer.as_bytes()).and_then(|_| output.flush()).expect("standard output");
    }
    single.end();
    double.end();
}
