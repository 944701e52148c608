//! Arrays of numbers, as they travel: bits in hexadecimal, so that none is rounded on the way.

use serde_json::{json, Value};

/// Numbers of one format. A 16-bit one joins with a variant here, and a line each in `read` and `write`.
pub enum Numbers {
    F32(Vec<f32>),
    F64(Vec<f64>),
    I64(Vec<i64>),
}

pub struct Array {
    pub shape: Vec<usize>,
    pub numbers: Numbers,
}

pub(crate) fn read(tensor: &Value, dtype: &str) -> Array {
    let list = |name: &str| tensor[name].as_array().expect("a list").iter().map(|each| each.as_i64().expect("an integer"));
    let words = tensor["bits"].as_str().map(str::split_ascii_whitespace);
    let bits = |word| u64::from_str_radix(word, 16).expect("bits");
    let numbers = match (words, dtype) {
        (None, _) => Numbers::I64(list("data").collect()),
        (Some(words), "f32") => Numbers::F32(words.map(|word| f32::from_bits(bits(word) as u32)).collect()),
        (Some(words), "f64") => Numbers::F64(words.map(|word| f64::from_bits(bits(word))).collect()),
        (Some(_), other) => panic!("no dtype {other} here"),
    };
    Array { shape: list("shape").map(|each| each as usize).collect(), numbers }
}

pub(crate) fn write(array: Array) -> Value {
    let words: Vec<String> = match array.numbers {
        Numbers::F32(numbers) => numbers.iter().map(|each| format!("{:08x}", each.to_bits())).collect(),
        Numbers::F64(numbers) => numbers.iter().map(|each| format!("{:016x}", each.to_bits())).collect(),
        Numbers::I64(numbers) => return json!({"shape": array.shape, "data": numbers}),
    };
    json!({"shape": array.shape, "bits": words.join(" ")})
}
