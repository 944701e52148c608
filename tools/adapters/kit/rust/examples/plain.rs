//! A testee without a framework: two losses over vectors, with the slope of one of them.

use assay_testee::{skip, Array, Framework, Loss, Numbers, Parameters, Reduction, Tensors, Testee};
use serde_json::json;

#[derive(Clone)]
struct Vector {
    shape: Vec<usize>,
    numbers: Vec<f64>,
    single: bool,
}

struct Plain;

impl Framework for Plain {
    type Tensor = Vector;

    fn decode(&self, array: Array) -> Vector {
        let (numbers, single) = match array.numbers {
            Numbers::F32(numbers) => (numbers.into_iter().map(f64::from).collect(), true),
            Numbers::F64(numbers) => (numbers, false),
            Numbers::I64(_) => panic!("no integers here\nand no second line"),
        };
        Vector { shape: array.shape, numbers, single }
    }

    fn encode(&self, Vector { shape, numbers, single }: Vector) -> Array {
        let numbers = if single {
            Numbers::F32(numbers.into_iter().map(|each| each as f32).collect())
        } else {
            Numbers::F64(numbers)
        };
        Array { shape, numbers }
    }

    #[rustfmt::skip]
    fn gradient(&self, loss: &dyn Fn(&Tensors<Vector>) -> Vector, inputs: Tensors<Vector>, wrt: &[String],
        cotangent: Option<Vector>) -> (Vector, Vec<Vector>) {
        let (x, t) = (&inputs["prediction"], &inputs["target"]);
        let factor = |i: usize| cotangent.as_ref().map_or(1.0, |given| given.numbers[i]);
        let slope = (0..x.numbers.len()).map(|i| 2.0 * (x.numbers[i] - t.numbers[i]) * factor(i)).collect();
        (loss(&inputs), vec![Vector { numbers: slope, ..x.clone() }; wrt.len()])
    }
}

fn mse(inputs: &Tensors<Vector>, _: &Parameters, _: Reduction) -> Vector {
    println!("what a framework says");
    let (x, t) = (&inputs["prediction"], &inputs["target"]);
    Vector { numbers: x.numbers.iter().zip(&t.numbers).map(|(a, b)| (a - b) * (a - b)).collect(), ..x.clone() }
}

fn quantile(inputs: &Tensors<Vector>, parameters: &Parameters, reduction: Reduction) -> Vector {
    let q = parameters.number("q", 0.5);
    let (x, t) = (&inputs["prediction"], &inputs["target"]);
    let term = |(a, b): (&f64, &f64)| (q * (b - a)).max((q - 1.0) * (b - a));
    let terms: Vec<f64> = x.numbers.iter().zip(&t.numbers).map(term).collect();
    let (sum, count) = (terms.iter().sum::<f64>(), terms.len() as f64);
    let (shape, numbers) = match reduction {
        Reduction::None => (x.shape.clone(), terms),
        Reduction::Sum => (vec![], vec![sum]),
        Reduction::Mean => (vec![], vec![sum / count]),
    };
    Vector { shape, numbers, single: x.single }
}

fn main() {
    let losses: Vec<(_, _, Loss<Vector>)> = vec![
        ("mse", json!({"reductions": ["none"], "gradient": ["prediction"]}), mse),
        ("quantile", json!({}), quantile),
        ("huber", json!({}), |_, _, _| skip("not on this machine")),
    ];
    Testee { name: "plain", version: "1", dtypes: &["f32", "f64"], framework: Plain, losses }.serve();
}
