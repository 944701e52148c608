// Huber's loss in Rust, behind the table of <assay/testee.h>.
//
// rustc --crate-type cdylib -O huber.rs -o huber_rs.so && assay verify --plugin ./huber_rs.so
use std::ffi::{c_char, c_void, CStr};

#[repr(C)]
pub struct Tensor { data: *mut c_void, device: [i32; 2], ndim: i32, dtype: [u8; 4], shape: *const i64, strides: *const i64, byte_offset: u64 }
#[repr(C)]
pub struct Named { name: *const c_char, tensor: *const Tensor }
#[repr(C)]
pub struct Parameter { name: *const c_char, kind: i32, real: f64, integer: i64, text: *const c_char, list: *const f64, length: usize }
#[repr(C)]
pub struct Request {
    size: usize, loss: *const c_char, variant: *const c_char, dtype: *const c_char, reduction: *const c_char,
    parameters: *const Parameter, parameter_count: usize, inputs: *const Named, input_count: usize,
    outputs: *const Named, output_count: usize, message: *mut c_char, message_size: usize,
}
#[repr(C)]
pub struct Testee {
    size: usize, describe: extern "C" fn() -> *const c_char, answer: extern "C" fn(&Request) -> i32,
    echo: Option<extern "C" fn(*const Tensor, *mut Tensor) -> i32>,
}

unsafe fn numbers<'a>(t: &Named) -> &'a mut [f64] {
    let t = &*t.tensor;
    let count: i64 = (0..t.ndim as usize).map(|axis| *t.shape.add(axis)).product();
    std::slice::from_raw_parts_mut(t.data as *mut f64, count as usize)
}

extern "C" fn describe() -> *const c_char {
    concat!(r#"{"assay": 1, "implementation": {"name": "huber.rs", "version": "1", "language": "rust"}, "losses": {
        "huber": {"dtypes": ["f64"], "reductions": ["none"], "gradient": ["prediction"], "inputs": []}}}"#, "\0").as_ptr() as *const c_char
}

extern "C" fn answer(r: &Request) -> i32 {
    unsafe {
        let inputs = std::slice::from_raw_parts(r.inputs, r.input_count);
        let named = |name: &[u8]| inputs.iter().find(|i| CStr::from_ptr(i.name).to_bytes() == name);
        let (p, t) = (numbers(named(b"prediction").unwrap()), numbers(named(b"target").unwrap()));
        let (delta, outputs) = ((*r.parameters).real, std::slice::from_raw_parts(r.outputs, r.output_count));
        for i in 0..p.len() {
            let d = p[i] - t[i];
            numbers(&outputs[0])[i] = if d.abs() <= delta { 0.5 * d * d } else { delta * (d.abs() - 0.5 * delta) };
            if let Some(gradient) = outputs.get(1) {
                let slope = if d.abs() <= delta || d.is_nan() { d } else { delta.copysign(d) };
                let weight = named(b"cotangent").map_or(1.0, |c| numbers(c)[i]);
                numbers(gradient)[i] = if weight == 0.0 { 0.0 } else { slope * weight };
            }
        }
    }
    0
}

#[no_mangle]
pub extern "C" fn assay_testee_v1() -> *const Testee {
    static TABLE: Testee = Testee { size: std::mem::size_of::<Testee>(), describe, answer, echo: None };
    &TABLE
}
