//! Burn as a testee, on its CPU backend (flex) with automatic differentiation. README.md gives the reasons.

mod losses;
mod processes;

use assay_testee::{Array, Framework, Numbers, Tensors, Testee};
use burn::tensor::{DType, Device, FloatDType, Int, IntDType, Tensor, TensorData};

/// Burn's ranks are types and the suite's are data: every tensor is flat here, and takes the rank that a loss wants there.
#[derive(Clone)]
pub enum Any {
    Real(Tensor<1>, Vec<usize>),
    Integer(Tensor<1, Int>, Vec<usize>),
}

impl Any {
    pub fn real(&self) -> Tensor<1> {
        match self {
            Any::Real(flat, _) => flat.clone(),
            Any::Integer(..) => panic!("real numbers are due"),
        }
    }
    pub fn integer(&self) -> Tensor<1, Int> {
        match self {
            Any::Integer(flat, _) => flat.clone(),
            Any::Real(..) => panic!("integers are due"),
        }
    }
    pub fn shape(&self) -> &[usize] {
        match self {
            Any::Real(_, shape) | Any::Integer(_, shape) => shape,
        }
    }
    /// Rows along the last axis, as Burn's losses of classes want them.
    pub fn rows(&self) -> Tensor<2> {
        let (last, before) = self.shape().split_last().expect("a tensor with rows");
        self.real().reshape([before.iter().product::<usize>(), *last])
    }
}

struct Burn(Device);

impl Framework for Burn {
    type Tensor = Any;

    fn decode(&self, array: Array) -> Any {
        let size = [array.shape.iter().product::<usize>()];
        match array.numbers {
            Numbers::F32(numbers) => {
                Any::Real(Tensor::from_data(TensorData::new(numbers, size), (&self.0, DType::F32)), array.shape)
            }
            Numbers::F64(numbers) => {
                Any::Real(Tensor::from_data(TensorData::new(numbers, size), (&self.0, DType::F64)), array.shape)
            }
            Numbers::I64(numbers) => {
                Any::Integer(Tensor::from_data(TensorData::new(numbers, size), (&self.0, DType::I64)), array.shape)
            }
        }
    }

    fn encode(&self, tensor: Any) -> Array {
        let numbers = match &tensor {
            Any::Integer(flat, _) => Numbers::I64(flat.to_data_as::<i64>().as_slice::<i64>().unwrap().to_vec()),
            // Multiplied by one: arithmetic that flushes subnormals shows in an echo.
            Any::Real(flat, _) => match flat.clone().mul_scalar(1).into_data() {
                data if data.dtype() == DType::F32 => Numbers::F32(data.as_slice::<f32>().unwrap().to_vec()),
                data => Numbers::F64(data.as_slice::<f64>().unwrap().to_vec()),
            },
        };
        Array { shape: tensor.shape().to_vec(), numbers }
    }

    #[rustfmt::skip]
    fn gradient(&self, loss: &dyn Fn(&Tensors<Any>) -> Any, mut inputs: Tensors<Any>, wrt: &[String],
        cotangent: Option<Any>) -> (Any, Vec<Any>) {
        for name in wrt {
            let leaf = inputs[name].real().require_grad();
            let shape = inputs[name].shape().to_vec();
            inputs.insert(name.clone(), Any::Real(leaf, shape));
        }
        let value = loss(&inputs);
        // Burn's backward pass begins with ones: another cotangent is a factor before it.
        let slopes = match cotangent {
            Some(factor) => (value.real() * factor.real()).backward(),
            None => value.real().backward(),
        };
        let slope = |name: &String| {
            let leaf = inputs[name].real();
            let flat = leaf.grad(&slopes).unwrap_or_else(|| leaf.zeros_like());
            Any::Real(flat, inputs[name].shape().to_vec())
        };
        (value, wrt.iter().map(slope).collect())
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let default = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--dtype", "f64"] => FloatDType::F64,
        ["--dtype", _] | ["--version"] => FloatDType::F32,
        _ => return processes::hand_on(),
    };
    let mut device = Device::flex();
    device.configure((default, IntDType::I64)).expect("a device that nothing has used yet");
    let (framework, losses) = (Burn(device.autodiff()), losses::table());
    Testee { name: "burn", version: env!("CARGO_PKG_VERSION"), dtypes: &["f32", "f64"], framework, losses }.serve();
}
