// mlpack as a testee: the output layers of its neural networks, forward and backward. What is offered of each
// loss, and through which class, main() says; README.md gives the reasons.

// clang-format off
// What the losses take from mlpack without including it, in the order in which mlpack/core.hpp has it; the whole of
// that would want ensmallen, too.
#include <mlpack/prereqs.hpp>
#include <mlpack/core/util/arma_traits.hpp>
#include <mlpack/core/util/using.hpp>
#include <mlpack/core/util/conv_to.hpp>
#include <mlpack/core/util/log.hpp>
#include <mlpack/core/util/version.hpp>
#include <mlpack/core/math/math.hpp>
#include <mlpack/core/metrics/metrics.hpp>
#include <mlpack/core/distances/distances.hpp>
#include <mlpack/core/kernels/kernels.hpp>
// clang-format on

#include <mlpack/methods/ann/activation_functions/logistic_function.hpp>
#include <mlpack/methods/ann/activation_functions/softplus_function.hpp>
#include <mlpack/methods/ann/loss_functions/binary_cross_entropy_loss.hpp>
#include <mlpack/methods/ann/loss_functions/cosine_embedding_loss.hpp>
#include <mlpack/methods/ann/loss_functions/dice_loss.hpp>
#include <mlpack/methods/ann/loss_functions/hinge_embedding_loss.hpp>
#include <mlpack/methods/ann/loss_functions/hinge_loss.hpp>
#include <mlpack/methods/ann/loss_functions/huber_loss.hpp>
#include <mlpack/methods/ann/loss_functions/kl_divergence.hpp>
#include <mlpack/methods/ann/loss_functions/l1_loss.hpp>
#include <mlpack/methods/ann/loss_functions/log_cosh_loss.hpp>
#include <mlpack/methods/ann/loss_functions/margin_ranking_loss.hpp>
#include <mlpack/methods/ann/loss_functions/mean_absolute_percentage_error.hpp>
#include <mlpack/methods/ann/loss_functions/mean_squared_error.hpp>
#include <mlpack/methods/ann/loss_functions/mean_squared_logarithmic_error.hpp>
#include <mlpack/methods/ann/loss_functions/multilabel_softmargin_loss.hpp>
#include <mlpack/methods/ann/loss_functions/negative_log_likelihood.hpp>
#include <mlpack/methods/ann/loss_functions/poisson_nll_loss.hpp>
#include <mlpack/methods/ann/loss_functions/sigmoid_cross_entropy_error.hpp>
#include <mlpack/methods/ann/loss_functions/soft_margin_loss.hpp>
#include <mlpack/methods/ann/loss_functions/triplet_margin_loss.hpp>

#include "assay_testee.hpp"

namespace {

using assay_testee::Answer;
using assay_testee::Json;
using assay_testee::Request;
using assay_testee::Tensor;

template <typename Real>
using Matrix = arma::Mat<Real>;

/// A point is a column: so many features from the last axis of a tensor on.
template <typename Real, typename Number>
Matrix<Real> points(const Tensor<Number>& tensor, std::size_t features) {
  Matrix<Real> out(features, features == 0 ? 0 : tensor.data.size() / features);
  std::copy(tensor.data.begin(), tensor.data.end(), out.begin());
  return out;
}

/// Of numbers (a list of them are points of one feature), of points, of points with a label each.
enum class Kind { elements, rows, labelled };

/// The table of one loss: `loss_of(request, Matrix<Real>(), sum)` makes mlpack's loss. Its prediction is one
/// input, or two that are stacked. mlpack has sums and means, and nothing before: under `none` each number,
/// or each point, is asked for alone. No backward pass knows a cotangent: the gradient is multiplied with it,
/// as that of a scaled loss.
template <typename LossOf>
auto layer(Kind kind, std::vector<std::string> predictions, std::string target, LossOf loss_of) {
  return [=](const auto& request) {
    using Real = typename std::decay_t<decltype(request.inputs.begin()->second.data)>::value_type;
    const bool none = request.reduction == "none";
    const Tensor<Real>& first = request.inputs.at(predictions[0]);
    const bool single = kind == Kind::elements && (none || first.shape.size() < 2);
    const std::size_t features = single ? 1 : first.shape.back();
    Matrix<Real> prediction;
    for (const std::string& name : predictions)
      prediction = arma::join_cols(prediction, points<Real>(request.inputs.at(name), features));
    const Matrix<Real> truth = kind == Kind::labelled ? points<Real>(request.labels.at(target), 1)
                                                      : points<Real>(request.inputs.at(target), features);
    if (truth.n_cols != prediction.n_cols)
      throw std::invalid_argument("as many targets as predictions are wanted");
    if (kind == Kind::labelled && truth.n_elem > 0 &&
        (truth.min() < 0 || truth.max() >= static_cast<Real>(features)))
      throw std::invalid_argument("mlpack knows no label beside those of its classes");
    const auto cotangent = request.inputs.find("cotangent");
    auto loss = loss_of(request, Matrix<Real>(), none || request.reduction == "sum");

    Answer<Real> out;
    Matrix<Real> gradient(prediction.n_rows, prediction.n_cols);
    const auto ask = [&](std::size_t from, std::size_t to) {
      const Matrix<Real> x = prediction.cols(from, to), t = truth.cols(from, to);
      out.value.data.push_back(loss.Forward(x, t));
      if (request.wrt.empty()) return;
      Matrix<Real> slope;
      loss.Backward(x, t, slope);
      const Real scale =
          cotangent == request.inputs.end() ? Real(1) : cotangent->second.data.at(out.value.data.size() - 1);
      // Where nothing flows back, nothing is multiplied.
      slope.transform([scale](Real each) { return scale == 0 ? Real(0) : each * scale; });
      // One class answers with one long column, and one with the first of its stacked inputs alone.
      std::copy(slope.begin(), slope.end(), gradient.colptr(from));
    };
    if (none)
      for (std::size_t i = 0; i < prediction.n_cols; ++i) ask(i, i);
    else if (prediction.n_cols > 0)
      ask(0, prediction.n_cols - 1);
    else
      out.value.data.push_back(loss.Forward(prediction, truth));

    if (none) out.value.shape = first.shape;
    if (none && kind != Kind::elements) out.value.shape.pop_back();
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      const Matrix<Real> part = gradient.rows(i * features, (i + 1) * features - 1);
      out.gradient[predictions[i]] = {first.shape, {part.begin(), part.end()}};
    }
    return out;
  };
}

/// mlpack's loss of samples in rows and classes in columns, unlike its other ones.
template <typename Loss>
struct Transposed {
  Loss loss;

  template <typename M>
  auto Forward(const M& x, const M& t) {
    return loss.Forward(x.t(), t.t());
  }

  template <typename M>
  void Backward(const M& x, const M& t, M& gradient) {
    loss.Backward(x.t(), t.t(), gradient);
    gradient = gradient.t().eval();
  }
};

/// The gradient of the anchor stands for anchor and positive.
template <typename Loss>
struct AnchorOnly {
  Loss loss;

  template <typename M>
  auto Forward(const M& x, const M& t) {
    return loss.Forward(x, t);
  }

  template <typename M>
  void Backward(const M& x, const M& t, M& gradient) {
    M of_anchor;
    loss.Backward(x, t, of_anchor);
    gradient = arma::join_cols(of_anchor, M(arma::size(of_anchor), arma::fill::zeros));
  }
};

/// Of the logarithms of probabilities, as its page asks for.
template <typename Loss>
struct OfLogarithms {
  Loss loss;

  template <typename M>
  auto Forward(const M& x, const M& t) {
    return loss.Forward(arma::log(x), t);
  }

  template <typename M>
  void Backward(const M&, const M&, M&) {}
};

/// A function of one number and its derivative, of which mlpack's layers are made.
template <typename Function>
auto activation(const Request<double>& request) {
  const Tensor<double>& x = request.inputs.at("x");
  const auto cotangent = request.inputs.find("cotangent");
  const arma::vec in(x.data);
  arma::vec value(in), slope(in);
  Function::Fn(in, value);
  Function::Deriv(in, value, slope);
  if (cotangent != request.inputs.end())
    for (std::size_t i = 0; i < slope.n_elem; ++i)
      slope[i] = cotangent->second.data[i] == 0 ? 0 : slope[i] * cotangent->second.data[i];
  const auto tensor = [&](const arma::vec& numbers) {
    return Tensor<double>{x.shape, {numbers.begin(), numbers.end()}};
  };
  return Answer<double>{tensor(value), {{"x", tensor(slope)}}};
}

Json offer(const Json& reductions, const Json& gradient, const Json& more = Json::object()) {
  Json out{{"reductions", reductions}, {"gradient", gradient}, {"inputs", Json::array()}};
  out.update(more);
  return out;
}

/// A loss that is told whether to sum, and nothing else.
template <template <typename> class Loss>
const auto plain = [](const auto&, auto matrix, bool sum) { return Loss<decltype(matrix)>(sum); };

template <typename LossOf>
auto pair(const std::string& prediction, LossOf loss_of) {
  return layer(Kind::elements, {prediction}, "target", loss_of);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace mlpack;
  assay_testee::Testee testee("mlpack", std::to_string(MLPACK_VERSION_MAJOR) + '.' +
                                            std::to_string(MLPACK_VERSION_MINOR) + '.' +
                                            std::to_string(MLPACK_VERSION_PATCH));
  const Json all{"none", "mean", "sum"};
  const auto regression = offer(all, {"prediction"});

  testee.loss<float, double>("mse", regression, pair("prediction", plain<MeanSquaredErrorType>));
  testee.loss<float, double>("mae", regression, pair("prediction", plain<L1LossType>));
  testee.loss<float, double>("msle", regression, pair("prediction", plain<MeanSquaredLogarithmicErrorType>));
  testee.loss<double>("mape", offer({"none", "mean"}, {"prediction"}),
                      pair("prediction", [](const auto&, auto m, bool) {
                        return MeanAbsolutePercentageErrorType<decltype(m)>();
                      }));
  testee.loss<float, double>("huber", regression,
                             pair("prediction", [](const auto& request, auto m, bool sum) {
                               return HuberLossType<decltype(m)>(request.parameters.value("delta", 1.0), sum);
                             }));
  testee.loss<float, double>("log_cosh", regression, pair("prediction", [](const auto&, auto m, bool sum) {
                               return LogCoshLossType<decltype(m)>(1.0, sum);
                             }));
  testee.loss<float, double>(
      "poisson_nll", regression, pair("prediction", [](const auto& request, auto m, bool sum) {
        const Json& given = request.parameters;
        return PoissonNLLLossType<decltype(m)>(given.value("log_input", true), given.value("full", false),
                                               given.value("eps", 0.0), sum);
      }));
  testee.loss<float, double>(
      "binary_cross_entropy", offer(all, {"probability"}),
      pair("probability", [](const auto&, auto m, bool sum) { return BCELossType<decltype(m)>(0.0, sum); }));
  testee.loss<double>("binary_cross_entropy_with_logits", offer(all, {"logits"}),
                      pair("logits", plain<SigmoidCrossEntropyErrorType>));
  testee.loss<float, double>("hinge", offer(all, {"score"}), pair("score", plain<HingeLossType>));
  testee.loss<float, double>("soft_margin", offer(all, {"score"}), pair("score", plain<SoftMarginLossType>));
  testee.loss<float, double>("hinge_embedding", offer(all, {"distance"}, {{"parameters", {{"margin", {1}}}}}),
                             pair("distance", plain<HingeEmbeddingLossType>));
  testee.loss<double>(
      "margin_ranking", offer(all, {"x1", "x2"}),
      layer(Kind::elements, {"x1", "x2"}, "target", [](const auto& request, auto m, bool sum) {
        return MarginRankingLossType<decltype(m)>(request.parameters.value("margin", 0.0), sum);
      }));

  testee.loss<float, double>(
      "kl_divergence", offer(all, false, {{"conventions", {"mean-over-elements"}}}),
      layer(Kind::rows, {"probability"}, "target", [](const auto&, auto m, bool sum) {
        return OfLogarithms<KLDivergenceType<decltype(m)>>{KLDivergenceType<decltype(m)>(sum)};
      }));
  testee.loss<float, double>(
      "nll", offer(all, {"log_probability"}),
      layer(Kind::labelled, {"log_probability"}, "labels", plain<NegativeLogLikelihoodType>));
  testee.loss<float, double>(
      "multilabel_soft_margin", offer(all, {"logits"}, {{"inputs", {"weight"}}}),
      layer(Kind::rows, {"logits"}, "target", [](const auto& request, auto m, bool sum) {
        using Loss = MultiLabelSoftMarginLossType<decltype(m)>;
        const auto weight = request.inputs.find("weight");
        return Transposed<Loss>{
            weight == request.inputs.end()
                ? Loss(sum)
                : Loss(sum, arma::Row<typename decltype(m)::elem_type>(weight->second.data))};
      }));
  testee.loss<float, double>(
      "dice", offer({"none"}, {"probability"}, {{"parameters", {{"squared", {true}}}}}),
      layer(Kind::rows, {"probability"}, "target", [](const auto& request, auto m, bool) {
        return DiceLossType<decltype(m)>(request.parameters.value("smooth", 0.0));
      }));
  testee.loss<float, double>("cosine_distance", offer(all, {"x1"}),
                             layer(Kind::rows, {"x1"}, "x2", [](const auto&, auto m, bool sum) {
                               return CosineEmbeddingLossType<decltype(m)>(0.0, true, sum);
                             }));
  testee.loss<double>(
      "triplet_margin",
      offer({"none", "mean"}, {"anchor"},
            {{"parameters", {{"p", {2}}, {"squared", {true}}, {"swap", {false}}}}}),
      layer(Kind::rows, {"anchor", "positive"}, "negative", [](const auto& request, auto m, bool) {
        using Loss = TripletMarginLossType<decltype(m)>;
        return AnchorOnly<Loss>{Loss(request.parameters.value("margin", 1.0))};
      }));

  testee.loss<double>("sigmoid", offer({"none"}, {"x"}), activation<LogisticFunction>);
  testee.loss<double>("softplus", offer({"none"}, {"x"}), activation<SoftplusFunction>);
  testee.echo<double>([](const Tensor<double>& tensor) {
    const arma::vec numbers(tensor.data);
    return Tensor<double>{tensor.shape, {numbers.begin(), numbers.end()}};
  });
  return testee.serve(argc, argv);
}
