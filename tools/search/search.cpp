#include "tools/search/search.hpp"

#include <utility>

namespace assay::search {

Search::Search(Start start, End end, std::size_t at_once)
    : start_(std::move(start)), end_(std::move(end)), at_once_(at_once) {}

std::optional<Case> Search::next() {
  for (;;) {
    while (!ready_.empty()) {
      const std::size_t which = ready_.front();
      ready_.pop_front();
      Running& running = running_.at(which);
      if (std::optional<Case> c = running.strand->next()) {
        ready_.push_back(which);
        origins_.emplace(asked_++, Origin{which, running.asked++});
        ++running.in_flight;
        return c;
      }
      running.ready = false;
      if (running.in_flight > 0) continue;
      end_(which, *running.strand);
      running_.erase(which);
    }
    if (no_more_ || running_.size() >= at_once_) return std::nullopt;
    std::unique_ptr<Strand> strand = start_(started_);
    no_more_ = !strand;
    if (no_more_) continue;
    running_[started_].strand = std::move(strand);
    ready_.push_back(started_++);
  }
}

Search::Origin Search::settled(std::size_t number) {
  const Origin origin = origins_.at(number);
  origins_.erase(number);
  Running& running = running_.at(origin.strand);
  --running.in_flight;
  if (!std::exchange(running.ready, true)) ready_.push_back(origin.strand);
  return origin;
}

void Search::answered(std::size_t number, Answer answer) {
  const Origin origin = settled(number);
  running_.at(origin.strand).strand->answered(origin.number, std::move(answer));
}

void Search::lost(std::size_t number, Finding finding) {
  const Origin origin = settled(number);
  if (finding.id == not_reached) no_more_ = true;
  running_.at(origin.strand).strand->lost(origin.number, std::move(finding));
}

}  // namespace assay::search
