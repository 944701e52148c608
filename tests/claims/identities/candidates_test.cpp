// Identities between losses that choose one row among several.
#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

TEST_P(Identities, RankingIsInfoNceAndCosFaceWithoutAMargin) {
  EXPECT_TRUE(::rc::check([] {
    const std::vector<double> a = three_rows(), p = three_rows();
    Case ranking =
        make("multiple_negatives_ranking", {{"anchor", reals({3, 3}, a)}, {"positive", reals({3, 3}, p)}});
    ranking.parameters["scale"] = 8.;
    Case cosface = make(
        "cosface",
        {{"embedding", reals({3, 3}, a)}, {"weight", reals({3, 3}, p)}, {"labels", labels({3}, {0, 1, 2})}});
    cosface.parameters["scale"] = 8.;
    cosface.parameters["margin"] = 0.;
    double nce = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<double> negatives = p;
      const auto at = static_cast<std::ptrdiff_t>(3 * i);
      negatives.erase(negatives.begin() + at, negatives.begin() + at + 3);
      Case one_row = make("info_nce", {{"query", reals({1, 3}, {a.begin() + at, a.begin() + at + 3})},
                                       {"positive", reals({1, 3}, {p.begin() + at, p.begin() + at + 3})},
                                       {"negative", reals({2, 3}, negatives)}});
      one_row.parameters["temperature"] = .125;
      nce += value(one_row);
    }
    const double r = value(ranking);
    RC_ASSERT(std::abs(r - value(cosface)) <= 2 * u * r);
    RC_ASSERT(std::abs(r - nce) <= 8 * u * r);
  }));
}

TEST_P(Identities, NtXentIsInfoNceAgainstAllOtherRows) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> z = three_rows();
    const std::vector<double> more = three_rows();
    z.insert(z.end(), more.begin(), more.begin() + 3);  // four rows: 0 and 2, 1 and 3 are pairs
    Case all = make("nt_xent", {{"z", reals({4, 3}, z)}});
    all.parameters["temperature"] = .25;
    double nce = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      auto rows = [&](std::initializer_list<std::size_t> which) {
        std::vector<double> out;
        for (std::size_t k : which)
          for (std::size_t d = 0; d < 3; ++d) out.push_back(z[3 * (k % 4) + d]);
        return out;
      };
      Case one_row = make("info_nce", {{"query", reals({1, 3}, rows({i}))},
                                       {"positive", reals({1, 3}, rows({i + 2}))},
                                       {"negative", reals({2, 3}, rows({i + 1, i + 3}))}});
      one_row.parameters["temperature"] = .25;
      nce += value(one_row);
    }
    const double v = value(all);
    RC_ASSERT(std::abs(v - nce) <= 8 * u * v);
  }));
}

TEST_P(Identities, SupConOfPairsIsNtXent) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> z = three_rows();
    const std::vector<double> more = three_rows();
    z.insert(z.end(), more.begin(), more.end());
    for (const Reduction r : {Reduction::mean, Reduction::sum}) {
      Case pairs = make("nt_xent", {{"z", reals({6, 3}, z)}}, r);
      Case classes =
          make("supcon", {{"z", reals({6, 3}, z)}, {"labels", labels({6}, {7, -2, 0, 7, -2, 0})}}, r);
      pairs.parameters["temperature"] = classes.parameters["temperature"] = .25;
      const double v = value(pairs);
      RC_ASSERT(std::abs(v - value(classes)) <= 2 * u * v);
    }
  }));
}

// One positive at a time and all others as negatives: what NT-Xent's neighbour InfoNCE sees, averaged.
TEST_P(Identities, SupConIsTheMeanOfInfoNceOverThePositives) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> z = three_rows();
    const std::vector<double> more = three_rows();
    z.insert(z.end(), more.begin(), more.begin() + 6);  // five rows: 0, 1 and 2 are of a class, 3 and 4 alone
    Case all =
        make("supcon", {{"z", reals({5, 3}, z)}, {"labels", labels({5}, {1, 1, 1, 2, 3})}}, Reduction::mean);
    all.parameters["temperature"] = .25;
    double nce = 0;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t p = 0; p < 3; ++p) {
        if (p == i) continue;
        auto rows = [&](const auto& wanted) {
          std::vector<double> out;
          for (std::size_t k = 0; k < 5; ++k)
            for (std::size_t d = 0; d < 3; ++d)
              if (wanted(k)) out.push_back(z[3 * k + d]);
          return out;
        };
        Case one = make("info_nce",
                        {{"query", reals({1, 3}, rows([&](std::size_t k) { return k == i; }))},
                         {"positive", reals({1, 3}, rows([&](std::size_t k) { return k == p; }))},
                         {"negative", reals({3, 3}, rows([&](std::size_t k) { return k != i && k != p; }))}});
        one.parameters["temperature"] = .25;
        nce += value(one) / 6;
      }
    const double v = value(all);
    RC_ASSERT(std::abs(v - nce) <= 16 * u * v);
  }));
}

TEST_P(Identities, ArcFaceWithoutAMarginIsCosFaceWithoutOne) {
  EXPECT_TRUE(::rc::check([] {
    const std::vector<double> e = three_rows(), w = three_rows();
    auto ask = [&](const char* loss, double margin) {
      Case c = make(loss, {{"embedding", reals({3, 3}, e)},
                           {"weight", reals({3, 3}, w)},
                           {"labels", labels({3}, {2, 0, 2})}});
      c.parameters["scale"] = 8.;
      c.parameters["margin"] = margin;
      return value(c);
    };
    const double v = ask("arcface", 0);
    RC_ASSERT(std::abs(v - ask("cosface", 0)) <= 2 * u * v);
    // By addition, cos(theta + pi) = -cos theta, as near as binary64 has pi: 8 sin(pi) = 2^-49.9 is left.
    const double opposite = ask("arcface", 0x1.921fb54442d18p1);
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t y = i == 1 ? 0 : 2;
      std::vector<double> turned = w;
      for (std::size_t d = 0; d < 3; ++d) turned[3 * y + d] = -turned[3 * y + d];
      Case c = make("cosface", {{"embedding", reals({1, 3}, {e[3 * i], e[3 * i + 1], e[3 * i + 2]})},
                                {"weight", reals({3, 3}, turned)},
                                {"labels", labels({1}, {static_cast<std::int64_t>(y)})}});
      c.parameters["scale"] = 8.;
      c.parameters["margin"] = 0.;
      sum += value(c);
    }
    RC_ASSERT(std::abs(opposite - sum) <= 3 * 0x1p-49 + 8 * u * sum);
  }));
}

// A rival across the plane of the angle: cos(theta + m) is the cosine of the embedding turned on by m.
TEST_P(Identities, ArcFacesMarginIsATurnAwayFromTheClass) {
  EXPECT_TRUE(::rc::check([] {
    const double angle = *rc::gen::inRange(1, 3000) * 0x1p-10, margin = *rc::gen::inRange(1, 1024) * 0x1p-10;
    auto ask = [&](const char* loss, double at, double m) {
      Case c = make(loss, {{"embedding", reals({1, 3}, {std::cos(at), std::sin(at), 0})},
                           {"weight", reals({2, 3}, {1, 0, 0, 0, 0, 1})},
                           {"labels", labels({1}, {0})}});
      c.parameters["scale"] = 4.;
      c.parameters["margin"] = m;
      return value(c);
    };
    const double v = ask("arcface", angle, margin);
    RC_ASSERT(std::abs(v - ask("cosface", angle + margin, 0)) <= 64 * u);
  }));
}

/// Utterances of small whole numbers, none of them 0.
std::vector<double> utterances(std::size_t count, std::size_t width) {
  std::vector<double> out(count * width);
  for (double& each : out) each = *rc::gen::inRange(-20, 21);
  for (std::size_t i = 0; i < count; ++i) out[i * width] += out[i * width] < 0 ? -21 : 21;
  return out;
}

TEST_P(Identities, Ge2eIsInfoNceOfCentroids) {
  EXPECT_TRUE(::rc::check([] {
    const std::vector<double> e = utterances(6, 3);  // three speakers, two utterances each
    std::vector<double> query(e.begin(), e.begin() + 3), own(e.begin() + 3, e.begin() + 6), others(6);
    for (std::size_t i = 0; i < 6; ++i) others[i] = e[6 + i / 3 * 6 + i % 3] + e[9 + i / 3 * 6 + i % 3];
    Case ge2e = make("ge2e", {{"embedding", reals({3, 2, 3}, e)}}, Reduction::none);
    Case nce = make("info_nce",
                    {{"query", row(query)}, {"positive", row(own)}, {"negative", reals({2, 3}, others)}});
    ge2e.parameters["w"] = 4.;
    nce.parameters["temperature"] = .25;
    const double a = value(ge2e), b = value(nce);
    RC_ASSERT(std::abs(a - b) <= 4 * u * b + 0x1p-80);
  }));
}

TEST_P(Identities, Ge2eOfASoftmaxKnowsNoOffset) {
  EXPECT_TRUE(::rc::check([] {
    Case c = make("ge2e", {{"embedding", reals({2, 2, 2}, utterances(4, 2))}}, Reduction::mean);
    const double before = value(c);
    c.parameters["b"] = moderate();
    RC_ASSERT(std::abs(before - value(c)) <= 2 * u * before);
  }));
}

TEST_P(Identities, InfoNceOfDotProductsIsTheCrossEntropyOfThem) {
  EXPECT_TRUE(::rc::check([] {
    const std::vector<double> q = embedding(3), others = three_rows();
    std::vector<double> scores(3, 0);  // exact: numbers of few digits, and a temperature of 4
    for (std::size_t k = 0; k < 9; ++k) scores[k / 3] += q[k % 3] * others[k] / 4;
    Case c = make("info_nce", {{"query", row(q)},
                               {"positive", row({others[0], others[1], others[2]})},
                               {"negative", reals({2, 3}, {others.begin() + 3, others.end()})}});
    c.parameters["normalize"] = false;
    c.parameters["temperature"] = 4.;
    const double ce = value(make("sparse_categorical_cross_entropy_with_logits",
                                 {{"logits", row(scores)}, {"labels", labels({1}, {0})}}));
    RC_ASSERT(std::abs(value(c) - ce) <= 2 * u * ce);
  }));
}

TEST_P(Identities, EqualCandidatesAreEquallyLikelyAndOneAloneIsCertain) {
  EXPECT_TRUE(::rc::check([] {
    const std::vector<double> q = embedding(3), one_row = embedding(3);
    const auto rows = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto count = static_cast<std::int64_t>(rows);
    std::vector<double> queries, equal;
    for (std::size_t i = 0; i < rows; ++i) {
      queries.insert(queries.end(), q.begin(), q.end());
      equal.insert(equal.end(), one_row.begin(), one_row.end());
    }
    const double expected = std::log(static_cast<double>(rows));
    const double ranking = value(make(
        "multiple_negatives_ranking",
        {{"anchor", reals({count, 3}, queries)}, {"positive", reals({count, 3}, equal)}}, Reduction::mean));
    const double nce =
        value(make("info_nce", {{"query", row(q)},
                                {"positive", row(one_row)},
                                {"negative", reals({count - 1, 3}, {equal.begin() + 3, equal.end()})}}));
    RC_ASSERT(std::abs(ranking - expected) <= 4 * u * expected);
    RC_ASSERT(std::abs(nce - expected) <= 4 * u * expected);
  }));
}

// Of one positive and one negative, a softplus.
TEST_P(Identities, CircleLossOfOnePairIsASoftplus) {
  EXPECT_TRUE(::rc::check([] {
    const double near = *rc::gen::inRange(-64, 65) / 64., far = *rc::gen::inRange(-64, 65) / 64.;
    const double m = .25, scale = 16;
    Case c = make("circle", {{"score_positive", row({near})}, {"score_negative", row({far})}});
    c.parameters["scale"] = scale;
    c.parameters["margin"] = m;
    const double x =
        scale * std::max(0., far + m) * (far - m) - scale * std::max(0., 1 + m - near) * (near - 1 + m);
    const double expected = value(make("softplus", {{"x", one(x)}}));
    RC_ASSERT(std::abs(value(c) - expected) <= 2 * u * expected);
    c.inputs["score_negative"] = reals({1, 0}, {});
    RC_ASSERT(value(c) == 0);
  }));
}

}  // namespace
}  // namespace assay::tests
