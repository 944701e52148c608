// Arb, wherever this machine's FLINT keeps it.
#pragma once

#if __has_include(<flint/arb.h>)
#include <flint/arb.h>
#include <flint/fmpz.h>
#else
#include <arb.h>
#include <flint/fmpz.h>
#endif

namespace assay::reference {

/// Owns one arb_t.
class Ball {
 public:
  Ball() { arb_init(ball_); }
  ~Ball() { arb_clear(ball_); }
  Ball(const Ball&) = delete;
  Ball& operator=(const Ball&) = delete;
  Ball(Ball&& other) noexcept : Ball() { arb_swap(ball_, other.ball_); }
  Ball& operator=(Ball&& other) noexcept {
    arb_swap(ball_, other.ball_);
    return *this;
  }
  operator arb_ptr() { return ball_; }           // NOLINT: passed to Arb's functions as it is
  operator arb_srcptr() const { return ball_; }  // NOLINT

 private:
  arb_t ball_;
};

}  // namespace assay::reference
