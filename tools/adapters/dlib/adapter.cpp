// dlib as a testee. What is offered of each loss, and through which call of dlib, main() says; README.md
// gives the reasons. dlib's tensors are of float, so that only the functions of its matrices know f64.
#include <dlib/dnn/loss.h>
#include <dlib/revision.h>

#include <algorithm>
#include <stdexcept>

#include "assay_testee.hpp"

namespace {

using assay_testee::Answer;
using assay_testee::Json;
using assay_testee::Request;
using assay_testee::Tensor;

using Floats = std::vector<float>;

/// What a loss layer sees of the network below it: the output, and a gradient of zeros, as dlib's layers give
/// it.
struct Network {
  dlib::resizable_tensor output, gradient;

  Network(const Floats& scores, long samples, long channels, long pixels = 1)
      : output(samples, channels, pixels, 1), gradient(samples, channels, pixels, 1) {
    std::copy(scores.begin(), scores.end(), output.host_write_only());
    gradient = 0;
  }

  const dlib::tensor& get_output() const { return output; }
  dlib::tensor& get_gradient_input() { return gradient; }
  unsigned int sample_expansion_factor() const { return 1; }

  /// The layer's mean loss, and its gradient in `slope`.
  template <typename Layer, typename Truth>
  double loss(const Layer& layer, const std::vector<Truth>& truth, Floats& slope) {
    const double mean = layer.compute_loss_value_and_gradient(output, truth.begin(), *this);
    slope.assign(gradient.host(), gradient.host() + gradient.size());
    return mean;
  }
};

/// Where nothing flows back, nothing is multiplied.
float scaled(float slope, float cotangent) { return cotangent == 0 ? 0 : slope * cotangent; }

/// Asks `layer(first, rows, slope)` for the mean of so many rows and its slope. dlib has means of
/// mini-batches only: under `none` each row is a mini-batch of its own. Nor does it know a cotangent: the
/// slope is multiplied with it, as that of a scaled loss. `other` has one number a row.
template <typename Number, typename Layer>
Answer<float> of_rows(const Request<float>& request, const std::string& input, const Tensor<Number>& other,
                      const Layer& layer) {
  const std::size_t rows = other.data.size();
  const bool none = request.reduction == "none";
  const std::size_t batches = none ? rows : 1;
  const Tensor<float>& scores = request.inputs.at(input);
  const std::size_t samples =
      !request.labels.empty() ? scores.data.size() / scores.shape.back() : scores.data.size();
  if (rows != samples) throw std::invalid_argument("dlib wants as many labels as samples");
  if (!none && rows == 0) throw std::invalid_argument("dlib refuses a mini-batch of no samples");
  const auto cotangent = request.inputs.find("cotangent");
  Answer<float> out;
  Tensor<float>& gradient = out.gradient[input];
  gradient.shape = scores.shape;
  if (none) out.value.shape = other.shape;
  for (std::size_t i = 0; i < batches; ++i) {
    Floats slope;
    out.value.data.push_back(static_cast<float>(layer(i, none ? 1 : rows, slope)));
    if (cotangent != request.inputs.end())
      for (float& each : slope) each = scaled(each, cotangent->second.data.at(i));
    gradient.data.insert(gradient.data.end(), slope.begin(), slope.end());
  }
  return out;
}

Floats part(const Floats& all, std::size_t first, std::size_t count) {
  const auto from = all.begin() + static_cast<std::ptrdiff_t>(first);
  return {from, from + static_cast<std::ptrdiff_t>(count)};
}

/// A layer of one score and one number of truth a sample. `truth_of(target)` is that number as the layer
/// wants it.
template <typename Layer, typename TruthOf>
auto of_scores(const std::string& input, const Layer& layer_of, const TruthOf& truth_of) {
  return [=](const Request<float>& request) {
    const Floats& scores = request.inputs.at(input).data;
    const Tensor<float>& target = request.inputs.at("target");
    return of_rows(request, input, target, [&](std::size_t first, std::size_t rows, Floats& slope) {
      std::vector<decltype(truth_of(0.0f))> truth;
      for (std::size_t i = first; i < first + rows; ++i) truth.push_back(truth_of(target.data[i]));
      Network network(part(scores, first, rows), static_cast<long>(rows), 1);
      return network.loss(layer_of(request), truth, slope);
    });
  };
}

/// What dlib refuses is refused here: its second dlib::fatal_error would end the process.
float sign(float target) {
  if (target == 1 || target == -1) return target;
  throw std::invalid_argument("dlib refuses labels other than 1 and -1");
}

Floats zero_or_one(float target) {
  if (target == 0 || target == 1) return {target == 1 ? 1.0f : -1.0f};
  throw std::invalid_argument("dlib knows no soft labels: their signs are classes, their sizes weights");
}

/// Row-wise logits against labels: `layer(row, label, classes)` etc. are the samples of a mini-batch.
template <typename Layer, typename TruthOf>
auto of_labels(const TruthOf& truth_of) {
  return [=](const Request<float>& request) {
    const Tensor<float>& logits = request.inputs.at("logits");
    const Tensor<std::int64_t>& labels = request.labels.at("labels");
    const std::size_t classes = logits.shape.back();
    return of_rows(request, "logits", labels, [&](std::size_t first, std::size_t rows, Floats& slope) {
      std::vector<decltype(truth_of(request, 0))> truth;
      for (std::size_t i = first; i < first + rows; ++i) {
        const std::int64_t label = labels.data[i];
        if (label < 0 || label >= static_cast<std::int64_t>(classes))
          throw std::invalid_argument(
              "dlib's loss_multiclass_log knows no label beside those of its classes");
        truth.push_back(truth_of(request, label));
      }
      Network network(part(logits.data, first * classes, rows * classes), static_cast<long>(rows),
                      static_cast<long>(classes));
      return network.loss(Layer(), truth, slope);
    });
  };
}

/// The rows are the pixels of one image, and its channels the classes.
Answer<float> of_pixels(const Request<float>& request) {
  using Layer = dlib::loss_multiclass_log_per_pixel_;
  const Tensor<float>& logits = request.inputs.at("logits");
  const Tensor<std::int64_t>& labels = request.labels.at("labels");
  const std::size_t classes = logits.shape.back();
  return of_rows(request, "logits", labels, [&](std::size_t first, std::size_t rows, Floats& slope) {
    dlib::matrix<std::uint16_t> truth(static_cast<long>(rows), 1);
    Floats image(rows * classes);
    for (std::size_t i = 0; i < rows; ++i) {
      const std::int64_t label = labels.data[first + i];
      const bool ignored = label == request.parameters.value("ignore_index", -100);
      if (!ignored && (label < 0 || label >= static_cast<std::int64_t>(classes)))
        throw std::invalid_argument("dlib refuses a label of no class");
      truth(static_cast<long>(i), 0) = ignored ? Layer::label_to_ignore : static_cast<std::uint16_t>(label);
      for (std::size_t c = 0; c < classes; ++c) image[c * rows + i] = logits.data[(first + i) * classes + c];
    }
    Network network(image, 1, static_cast<long>(classes), static_cast<long>(rows));
    Floats of_image;
    const double mean = network.loss(Layer(), std::vector{truth}, of_image);
    slope.resize(of_image.size());
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t c = 0; c < classes; ++c) slope[i * classes + c] = of_image[c * rows + i];
    return mean;
  });
}

/// A function of a tensor and the backward pass of its layer: tt::sigmoid, tt::softmax.
template <typename Function, typename Backward>
auto of_tensors(const Function& function, const Backward& backward, bool of_elements) {
  return [=](const Request<float>& request) {
    const Tensor<float>& x = request.inputs.at("x");
    const long classes = of_elements || x.shape.empty() ? 1 : static_cast<long>(x.shape.back());
    Answer<float> out{x, {{"x", x}}};
    if (x.data.empty()) return out;
    Network network(x.data, static_cast<long>(x.data.size()) / classes, classes);
    dlib::resizable_tensor value, cotangent;
    value.copy_size(network.output);
    cotangent.copy_size(network.output);
    function(value, network.output);
    out.value.data.assign(value.host(), value.host() + value.size());
    cotangent = 1;
    if (const auto given = request.inputs.find("cotangent"); given != request.inputs.end())
      std::copy(given->second.data.begin(), given->second.data.end(), cotangent.host());
    backward(network.gradient, value, cotangent);
    out.gradient["x"].data.assign(network.gradient.host(), network.gradient.host() + network.gradient.size());
    return out;
  };
}

/// A function of a matrix, row by row.
template <typename Function>
auto of_matrices(const Function& function) {
  return [=](const auto& request) {
    auto x = request.inputs.at("x");
    using Real = typename decltype(x.data)::value_type;
    const std::size_t width = x.shape.empty() ? 1 : x.shape.back();
    for (std::size_t first = 0; first < x.data.size(); first += width) {
      const dlib::matrix<Real> value = function(dlib::mat(&x.data[first], 1, static_cast<long>(width)));
      std::copy(value.begin(), value.end(), &x.data[first]);
    }
    return Answer<Real>{x, {}};
  };
}

Json offer(const Json& reductions, const Json& gradient, const Json& more = Json::object()) {
  Json out{{"reductions", reductions}, {"gradient", gradient}, {"inputs", Json::array()}};
  out.update(more);
  return out;
}

template <typename Layer>
Layer made(const Request<float>&) {
  return Layer();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string version = std::to_string(DLIB_MAJOR_VERSION) + '.' + std::to_string(DLIB_MINOR_VERSION);
  assay_testee::Testee testee("dlib", version + '.' + std::to_string(DLIB_PATCH_VERSION));
  const auto as_it_is = [](float target) { return target; };
  const Json means{"none", "mean"}, none{"none"};

  testee.loss<float>("mse", offer(means, {"prediction"}, {{"variant", "mean_squared"}}),
                     of_scores("prediction", made<dlib::loss_mean_squared_>, as_it_is));
  testee.loss<float>("mse", offer(means, {"prediction"}, {{"variant", "per_pixel"}}),
                     of_scores("prediction", made<dlib::loss_mean_squared_per_pixel_>,
                               [](float target) { return dlib::matrix<float>(dlib::mat(target)); }));
  testee.loss<float>(
      "mae", offer(means, {"prediction"}),
      of_scores(
          "prediction", [](const auto&) { return dlib::loss_epsilon_insensitive_(0); }, as_it_is));
  testee.loss<float>("hinge", offer(means, {"score"}),
                     of_scores("score", made<dlib::loss_binary_hinge_>, sign));
  testee.loss<float>("soft_margin", offer(means, {"score"}),
                     of_scores("score", made<dlib::loss_binary_log_>, as_it_is));
  testee.loss<float>("binary_focal_with_logits",
                     offer(means, {"logits"}, {{"parameters", {{"alpha", {-1}}}}}),
                     of_scores(
                         "logits",
                         [](const Request<float>& request) {
                           return dlib::loss_multibinary_log_(request.parameters.value("gamma", 2.0));
                         },
                         zero_or_one));

  const std::string cross_entropy = "sparse_categorical_cross_entropy_with_logits";
  const Json unsmoothed{{"label_smoothing", {0}}}, kept{{"label_smoothing", {0}}, {"ignore_index", {-100}}};
  testee.loss<float>(cross_entropy,
                     offer(means, {"logits"}, {{"variant", "multiclass_log"}, {"parameters", kept}}),
                     of_labels<dlib::loss_multiclass_log_>(
                         [](const auto&, std::int64_t label) { return static_cast<unsigned long>(label); }));
  testee.loss<float>(
      cross_entropy,
      offer(none, {"logits"},
            {{"variant", "multiclass_log_weighted"}, {"parameters", kept}, {"inputs", {"weight"}}}),
      of_labels<dlib::loss_multiclass_log_weighted_>([](const Request<float>& request, std::int64_t label) {
        const auto weights = request.inputs.find("weight");
        const float weight =
            weights == request.inputs.end() ? 1 : weights->second.data.at(static_cast<std::size_t>(label));
        return dlib::weighted_label<unsigned long>(static_cast<unsigned long>(label), weight);
      }));
  testee.loss<float>(cross_entropy,
                     offer(means, {"logits"}, {{"variant", "per_pixel"}, {"parameters", unsmoothed}}),
                     of_pixels);

  testee.loss<float>("sigmoid", offer(none, {"x"}, {{"variant", "tensor"}}),
                     of_tensors(dlib::tt::sigmoid, dlib::tt::sigmoid_gradient, true));
  testee.loss<float>("softmax", offer(none, {"x"}, {{"variant", "tensor"}}),
                     of_tensors(dlib::tt::softmax, dlib::tt::softmax_gradient, false));
  testee.loss<float, double>("sigmoid", offer(none, false, {{"variant", "matrix"}}),
                             of_matrices([](const auto& x) { return dlib::sigmoid(x); }));
  testee.loss<float, double>("softmax", offer(none, false, {{"variant", "matrix"}}),
                             of_matrices([](const auto& x) { return dlib::soft_max(x); }));
  testee.loss<double>("softplus", offer(none, false), [](const Request<double>& request) {
    Tensor<double> x = request.inputs.at("x");
    for (double& each : x.data) each = dlib::log1pexp(each);
    return Answer<double>{x, {}};
  });

  testee.echo<float>([](const Tensor<float>& tensor) {
    if (tensor.data.empty()) return tensor;
    const Network network(tensor.data, static_cast<long>(tensor.data.size()), 1);
    return Tensor<float>{tensor.shape,
                         Floats(network.output.host(), network.output.host() + tensor.data.size())};
  });
  return testee.serve(argc, argv);
}
