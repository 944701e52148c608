#include "tests/losses/lanes/subject.hpp"

#include <array>
#include <cstring>
#include <new>
#include <sstream>

#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"
#include "tools/cases/random.hpp"

namespace assay::tests {
namespace {

/// Numbers that start `offset` of them after a cache line, with poison on either side.
template <class T>
class Guarded {
 public:
  Guarded(std::size_t count, std::size_t offset) : count_(count), begin_(line / sizeof(T) + offset) {
    bytes_ = (begin_ + count) * sizeof(T) + line;
    memory_ = static_cast<unsigned char*>(::operator new(bytes_, std::align_val_t(line)));
    std::memset(memory_, poison, bytes_);
  }
  ~Guarded() { ::operator delete(memory_, std::align_val_t(line)); }
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  T* data() { return reinterpret_cast<T*>(memory_) + begin_; }
  void fill(const std::vector<T>& from) { std::memcpy(data(), from.data(), count_ * sizeof(T)); }
  [[nodiscard]] std::vector<unsigned char> bytes() const {
    return {memory_ + begin_ * sizeof(T), memory_ + (begin_ + count_) * sizeof(T)};
  }
  /// Nothing but the numbers has been written.
  [[nodiscard]] bool intact() const {
    for (std::size_t i = 0; i < bytes_; ++i)
      if ((i < begin_ * sizeof(T) || i >= (begin_ + count_) * sizeof(T)) && memory_[i] != poison)
        return false;
    return true;
  }

 private:
  static constexpr std::size_t line = 64;
  static constexpr unsigned char poison = 0xa5;
  std::size_t count_, begin_, bytes_;
  unsigned char* memory_;
};

/// What may be special in a domain; the last number is one that any domain lets through.
template <class T>
std::vector<T> specials(const Domain& domain) {
  using limits = std::numeric_limits<T>;
  const T numbers[] = {T{0},
                       -T{0},
                       limits::denorm_min(),
                       -limits::denorm_min(),
                       limits::min() / 3,
                       limits::min(),
                       limits::max(),
                       limits::lowest(),
                       limits::max() / 8,
                       T{1},
                       T{-1},
                       T{1} - limits::epsilon() / 2,
                       static_cast<T>(0x1p-60),
                       static_cast<T>(0x1p60),
                       T{-100},
                       T{88},
                       T{-104},
                       limits::infinity(),
                       -limits::infinity(),
                       limits::quiet_NaN()};
  std::vector<T> out;
  for (const T x : numbers)
    if (domain.contains(static_cast<double>(x)) || x != x) out.push_back(x);
  return out;
}

template <class T>
T ordinary(const Domain& d, Random& numbers) {
  const double u = numbers.unit();
  if (d.kind == Domain::Kind::points) return static_cast<T>(u < .5 ? d.low : d.high);
  const double low = std::isfinite(d.low) ? d.low : std::isfinite(d.high) ? d.high - 4 : -4;
  const double high = std::isfinite(d.high) ? d.high : std::isfinite(d.low) ? d.low + 4 : 4;
  return static_cast<T>(low + u * (high - low));
}

/// The least divisor above 1.
std::int64_t columns_of(std::int64_t n) {
  for (std::int64_t d = 2; d * d <= n; ++d)
    if (n % d == 0) return d;
  return n;
}

template <class Loss, class T>
class SubjectOf final : public Subject {
 public:
  SubjectOf() {
    loss = &facts<Loss>;
    dtype = dtype_of<T>;
    for (const Input& each : loss->inputs) has_optional = has_optional || each.optional;
    has_parameters = parameters<Loss>.size() > 0;
  }

  void prepare(const Question& question) override {
    question_ = question;
    made_ = question.altered ? altered(question.rounded) : Loss{};
    Random numbers(static_cast<std::uint64_t>(question.rows * 31 + question.width));
    for (std::size_t k = 0; k < inputs; ++k) {
      const Input& input = facts<Loss>.inputs[k];
      real_[k].clear();
      integer_[k].clear();
      extent_[k] = extent(input);
      if (input.optional && !question.optional) continue;
      if (input.integer)
        draw_labels(k, numbers);
      else
        draw(k, input, numbers);
    }
    cotangent_.clear();
    if (!question.cotangent) return;
    for (std::size_t i = 0; i < value_count(); ++i)
      cotangent_.push_back(i == 3   ? T{0}
                           : i == 5 ? static_cast<T>(0x1p70)
                                    : static_cast<T>(numbers.symmetric()));
  }

  Answer ask(std::size_t offset, int threads) override {
    Call<T> call;
    call.reduction = question_.reduction;
    call.threads = threads;
    std::vector<std::unique_ptr<Guarded<T>>> given, taken;
    std::vector<std::vector<unsigned char>> before;
    std::vector<std::string> names;
    auto give = [&](const std::vector<T>& from) {
      given.push_back(std::make_unique<Guarded<T>>(from.size(), offset));
      given.back()->fill(from);
      before.push_back(given.back()->bytes());
      return given.back()->data();
    };
    auto take = [&](std::size_t count, std::string called) {
      taken.push_back(std::make_unique<Guarded<T>>(count, (offset + taken.size()) % 4));
      names.push_back(std::move(called));
      return taken.back()->data();
    };
    for (std::size_t k = 0; k < inputs; ++k) {
      const Input& input = facts<Loss>.inputs[k];
      call.inputs[k].extent = extent_[k];
      if (input.optional && !question_.optional) continue;
      if (input.integer)
        call.inputs[k].integer = integer_[k].data();
      else
        call.inputs[k].real = give(real_[k]);
    }
    if (!cotangent_.empty()) call.cotangent = give(cotangent_);
    call.value = take(value_count(), "value");
    for (std::size_t k = 0; k < inputs; ++k) {
      const Input& input = facts<Loss>.inputs[k];
      const bool wanted = question_.slopes == Slopes::all || (question_.slopes == Slopes::first && k == 0);
      if (wanted && input.differentiable() && call.inputs[k].present())
        call.gradient[k] = take(real_[k].size(), "gradient." + std::string(input.name));
    }
    Guarded<double> scratch((workspace_bytes(made_, call) + sizeof(double) - 1) / sizeof(double), 0);
    call.workspace = {reinterpret_cast<std::byte*>(scratch.data()), workspace_bytes(made_, call)};

    evaluate(made_, call);

    Answer answer;
    answer.dtype = dtype;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      answer.tensors.push_back({names[i], taken[i]->bytes()});
      if (!taken[i]->intact()) answer.damage += " around " + names[i];
    }
    for (std::size_t i = 0; i < given.size(); ++i)
      if (!given[i]->intact() || given[i]->bytes() != before[i])
        answer.damage += " input " + std::to_string(i);
    if (!scratch.intact()) answer.damage += " around the workspace";
    return answer;
  }

 private:
  static constexpr std::size_t inputs = facts<Loss>.inputs.size();

  static Loss altered(bool rounded) {
    Loss out;
    auto alter = [&]<std::size_t I>() {
      constexpr auto each = parameters<Loss>[I];
      if constexpr (std::holds_alternative<double Loss::*>(each.member)) {
        out.*std::get<double Loss::*>(each.member) = rounded ? static_cast<double>(static_cast<T>(.3)) : .3;
      } else if constexpr (std::holds_alternative<bool Loss::*>(each.member)) {
        bool& value = out.*std::get<bool Loss::*>(each.member);
        value = !value;
      } else if constexpr (std::holds_alternative<std::int64_t Loss::*>(each.member)) {
        std::int64_t& value = out.*std::get<std::int64_t Loss::*>(each.member);
        value = value == 2 ? 1 : 2;
      }
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) { (alter.template operator()<I>(), ...); }
    (std::make_index_sequence<parameters<Loss>.size()>());
    return out;
  }

  [[nodiscard]] std::array<std::int64_t, 3> extent(const Input& input) const {
    constexpr bool element_wise = facts<Loss>.kind == Kind::element_wise;
    std::array<std::int64_t, 3> out{1, 1, 1};
    for (std::size_t axis = 0; axis < input.axes.size(); ++axis) {
      const char letter = input.axes[axis];
      out[axis] = extent(letter);
      if (element_wise && letter != '.') out[axis] = columns_of(question_.rows);
    }
    return out;
  }
  /// Along a letter: rows, others that all rows share, two utterances of a speaker, or numbers of a row.
  [[nodiscard]] std::int64_t extent(char letter) const {
    switch (letter) {
      case '.':
      case 'N':
        return question_.rows;
      case 'M':
        return question_.others;
      case 'S':
        return facts<Loss>.output.contains('S') ? std::min<std::int64_t>(question_.rows, 40) : 2;
      case 'T':
        return std::min<std::int64_t>(question_.width, 9);
      case 'U':
        return 2;
      default:
        return question_.width;
    }
  }
  [[nodiscard]] std::size_t count(std::size_t k) const {
    return static_cast<std::size_t>(extent_[k][0] * extent_[k][1] * extent_[k][2]);
  }
  [[nodiscard]] std::size_t value_count() const {
    if (question_.reduction != Reduction::none) return 1;
    std::int64_t values = 1;
    for (const char letter : facts<Loss>.output) values *= extent(letter);
    return static_cast<std::size_t>(values);
  }

  /// Ignored now and then, as the record's parameter says; a list ends now and then.
  void draw_labels(std::size_t k, Random& numbers) {
    if (const Domain& domain = facts<Loss>.inputs[k].domain; domain.kind == Domain::Kind::length) {
      for (std::size_t i = 0; i < count(k); ++i)
        integer_[k].push_back(
            static_cast<std::int64_t>(numbers.bits() % (static_cast<std::size_t>(extent(domain.axis)) + 1)));
      return;
    }
    const bool list = facts<Loss>.inputs[k].domain.kind == Domain::Kind::class_index_or_end;
    for (std::size_t i = 0; i < count(k); ++i)
      integer_[k].push_back(i % 11 == 10 ? (question_.altered ? 2
                                            : list            ? -1
                                                              : -100)
                                         : static_cast<std::int64_t>(
                                               numbers.bits() % (static_cast<std::size_t>(question_.width))));
  }
  void draw(std::size_t k, const Input& input, Random& numbers) {
    const std::vector<T> special = specials<T>(input.domain);
    const std::size_t n = count(k);
    std::vector<T>& out = real_[k];
    for (std::size_t i = 0; i < n; ++i) {
      out.push_back(ordinary<T>(input.domain, numbers));
      const bool apart = question_.numbers == Numbers::sprinkled
                             ? numbers.bits() % 5 == 0
                             : question_.numbers == Numbers::one_apart && i == n / 2;
      if (!apart) continue;
      const std::size_t choice = numbers.bits() % (special.size() + 4);
      if (choice < special.size()) {
        out.back() = special[choice];
      } else {  // as large as a number before it, or as its partner in the first input
        const std::vector<T>& other = k > 0 && i < real_[0].size() ? real_[0] : out;
        const T tie = other[k > 0 ? std::min(i, other.size() - 1) : i / 2];
        if (input.domain.contains(static_cast<double>(tie))) out.back() = tie;
      }
    }
  }

  Question question_{};
  Loss made_{};
  std::array<std::vector<T>, max_inputs> real_;
  std::array<std::vector<std::int64_t>, max_inputs> integer_;
  std::array<std::array<std::int64_t, 3>, max_inputs> extent_{};
  std::vector<T> cotangent_;
};

template <class T>
std::string number(const unsigned char* at) {
  T x;
  std::memcpy(&x, at, sizeof(T));
  std::ostringstream out;
  out << std::hexfloat << x;
  if (x != x)
    for (std::size_t i = sizeof(T); i-- > 0;)
      out << (i + 1 == sizeof(T) ? " " : "") << std::hex << int{at[i]} << ",";
  return out.str();
}

}  // namespace

std::string Answer::difference(const Answer& other) const {
  const std::size_t size = format(dtype).bytes;
  for (std::size_t t = 0; t < tensors.size(); ++t) {
    const Tensor &a = tensors[t], &b = other.tensors[t];
    for (std::size_t i = 0; i < a.bytes.size(); i += size) {
      if (std::memcmp(&a.bytes[i], &b.bytes[i], size) == 0) continue;
      auto text = [&](const Tensor& x) {
        return visit(dtype, [&]<class T>() { return number<T>(&x.bytes[i]); });
      };
      return a.name + "[" + std::to_string(i / size) + "] is " + text(a) + " and " + text(b);
    }
  }
  return "";
}

std::string Question::text() const {
  std::ostringstream out;
  out << rows << " rows of " << width << ", " << others << " others, numbers " << static_cast<int>(numbers)
      << ", reduction " << static_cast<int>(reduction) << ", slopes " << static_cast<int>(slopes)
      << (cotangent ? ", cotangent" : "") << (optional ? ", optional inputs" : "")
      << (altered ? ", parameters altered" : "") << (rounded ? " and rounded" : "");
  return out.str();
}

const std::vector<std::unique_ptr<Subject>>& subjects() {
  static const auto all = [] {
    std::vector<std::unique_ptr<Subject>> out;
    for_each_loss([&]<class Loss>() {
      for (const Dtype dtype : dtypes)
        visit(dtype, [&]<class T>() { out.push_back(std::make_unique<SubjectOf<Loss, T>>()); });
    });
    return out;
  }();
  return all;
}

std::string name(const Subject& subject) {
  return std::string(subject.loss->name) + "_" + std::string(name(subject.dtype));
}

std::vector<Question> shapes(const Subject& subject) {
  const std::int64_t most = subject.meets_all() ? 33 : subject.lists_labels() ? 1025 : 70001;
  constexpr std::int64_t sizes[] = {1, 7, 8, 9, 15, 16, 17, 31, 33, 1023, 1025, 4095, 4097, 70001};
  std::vector<Question> out;
  if (subject.loss->kind == Kind::element_wise) {
    for (const std::int64_t n : sizes) out.push_back({.rows = n});
    return out;
  }
  for (const std::int64_t n : sizes)
    if (n <= most) out.push_back({.rows = n > 5000 ? 1 : 2, .width = n, .others = n > 100 ? 2 : 17});
  for (const std::int64_t width : {1, 2, 3, 10})
    for (const std::int64_t rows : {1, 7, 15, 16, 17, 33, 1025})
      if (rows <= most) out.push_back({.rows = rows, .width = width});
  return out;
}

std::vector<Question> questions(const Subject& subject, Question shape, std::size_t most, std::size_t first) {
  std::vector<Question> all;
  for (const Numbers numbers : {Numbers::ordinary, Numbers::one_apart, Numbers::sprinkled})
    for (const Reduction reduction : {Reduction::mean, Reduction::none, Reduction::sum})
      for (const Slopes slopes : {Slopes::none, Slopes::first, Slopes::all})
        for (const bool cotangent : {false, true})
          for (const bool optional : {false, true})
            for (const bool altered : {false, true}) {
              if ((optional && !subject.has_optional) || (altered && !subject.has_parameters)) continue;
              if (cotangent && slopes == Slopes::none) continue;
              Question each = shape;
              each.numbers = numbers;
              each.reduction = reduction;
              each.slopes = slopes;
              each.cotangent = cotangent;
              each.optional = optional;
              each.altered = altered;
              all.push_back(each);
            }
  if (most >= all.size()) return all;
  std::vector<Question> some;
  for (std::size_t i = 0; i < most; ++i) some.push_back(all[(first + i * all.size() / most) % all.size()]);
  return some;
}

}  // namespace assay::tests
