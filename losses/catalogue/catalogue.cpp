#include "losses/catalogue/catalogue.hpp"

namespace assay {

const std::vector<Record>& catalogue() {
  static const std::vector<Record> all = [] {
    std::vector<Record> records;
    for_each_loss([&]<class Loss>() {
      Record record{facts<Loss>, {}};
      for (std::size_t i = 0; i < parameters<Loss>.size(); ++i) {
        const Parameter<Loss>& p = parameters<Loss>[i];
        record.parameters.push_back({p.name, initial_values<Loss>[i], p.domain, p.choices});
      }
      records.push_back(std::move(record));
    });
    return records;
  }();
  return all;
}

const Record* find(std::string_view name) {
  for (const Record& each : catalogue())
    if (each.name == name) return &each;
  return nullptr;
}

const ParameterFacts* Record::parameter(std::string_view wanted) const {
  for (const ParameterFacts& each : parameters)
    if (each.name == wanted) return &each;
  return nullptr;
}

}  // namespace assay
