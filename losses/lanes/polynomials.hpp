// Written by losses/lanes/polynomials.py: coefficients from the constant term up. Errors are relative to the
// whole function that the polynomial is a part of.
#pragma once

// clang-format off
namespace assay::polynomial {

/// (e^r - 1 - r) / r^2 on +-0.3466. Error 2^-54.5.
inline constexpr double expm1_from_2[] = {0x1.0000000000001p-1, 0x1.5555555555556p-3, 0x1.5555555553d64p-5, 0x1.11111111109b4p-7, 0x1.6c16c1788b646p-10, 0x1.a01a01a7c3d59p-13, 0x1.a019b90eefe8ep-16, 0x1.71de0daf7a6ccp-19, 0x1.2891834686c7ep-22, 0x1.af38a71a18cb9p-26};

/// (e^r - 1 - r) / r^2 on +-0.3466, for results that are rounded to float. Error 2^-36.5.
inline constexpr double short_expm1_from_2[] = {0x1p-1, 0x1.5555556752826p-3, 0x1.5555555c86d13p-5, 0x1.1110c63476727p-7, 0x1.6c16858cf08f7p-10, 0x1.a151760b496bbp-13, 0x1.a1131d0be06e8p-16};

/// (e^r - 1 - r - r^2/2) / r^3 on +-0.3466. Error 2^-59.3.
inline constexpr double exp_from_3[] = {0x1.5555555555555p-3, 0x1.5555555555556p-5, 0x1.1111111111111p-7, 0x1.6c16c16c162d5p-10, 0x1.a01a01a019b2ap-13, 0x1.a01a01a6d84aap-16, 0x1.71de3a5904ff0p-19, 0x1.27e4db653346ep-22, 0x1.ae64344ad3ceap-26, 0x1.1f7301a8efa5cp-29, 0x1.61b2b5a530034p-33};

/// (e^r - 1 - r - ... - r^6/720) / r^7 on +-0.3466. Error 2^-79.8.
inline constexpr double exp_from_7[] = {0x1.a01a01a01a01ap-13, 0x1.a01a01a01a01ap-16, 0x1.71de3a556c6acp-19, 0x1.27e4fb7789f20p-22, 0x1.ae6456806d84bp-26, 0x1.1eed8f000a829p-29, 0x1.6124546d9276dp-33, 0x1.93973f2b66b7bp-37, 0x1.aef8ffb153db1p-41, 0x1.aeeb76dca21b6p-45};

/// (log((1+s)/(1-s)) / 2s - 1) / z, z = s^2, up to sqrt(2) on either side. Error 2^-60.7.
inline constexpr double log_from_1[] = {0x1.5555555555555p-2, 0x1.9999999999a38p-3, 0x1.2492492476c42p-3, 0x1.c71c720168526p-4, 0x1.745cf8fe328f9p-4, 0x1.3b1c36b445cebp-4, 0x1.0fbe71ad855c9p-4, 0x1.0c05166ec4148p-4};

/// (log((1+s)/(1-s)) / 2s - 1 - z/3 - z^2/5 - z^3/7) / z^4, z = s^2. Error 2^-77.5.
inline constexpr double log_from_4[] = {0x1.c71c71c71c71cp-4, 0x1.745d1745d1837p-4, 0x1.3b13b13ae9c21p-4, 0x1.1111113d7af75p-4, 0x1.e1e1b3bf871fep-5, 0x1.af35670abc361p-5, 0x1.8414a4a590cb8p-5, 0x1.8d657057c51d0p-5};

/// (log(1+q) - q) / q^2 on 0..1, for results that are rounded to float. Error 2^-38.6.
inline constexpr double log1p_unit[] = {-0x1.fffffffff2124p-2, 0x1.5555553ff46d8p-2, -0x1.fffff503cb736p-3, 0x1.99987a2cc3917p-3, -0x1.5545d4051c71bp-3, 0x1.241035928f9dep-3, -0x1.fa5fddfe7f503p-4, 0x1.b16db31c981dap-4, -0x1.5d279f4f763ddp-4, 0x1.ed637fa4d7112p-5, -0x1.18da6a8105550p-5, 0x1.d275beb8386f7p-7, -0x1.eb08a5d2538a9p-9, 0x1.e52a075a13ab1p-12};

/// 1/k!, k = 2..6, in two words each.
inline constexpr double inverse_factorial[] = {0x1p-1, 0x0.0p+0, 0x1.5555555555555p-3, 0x1.5555555555555p-57, 0x1.5555555555555p-5, 0x1.5555555555555p-59, 0x1.1111111111111p-7, 0x1.1111111111111p-63, 0x1.6c16c16c16c17p-10, -0x1.f49f49f49f49fp-65};

/// 1/3, 1/5 and 1/7, in two words each.
inline constexpr double inverse_odd[] = {0x1.5555555555555p-2, 0x1.5555555555555p-56, 0x1.999999999999ap-3, -0x1.999999999999ap-57, 0x1.2492492492492p-3, 0x1.2492492492492p-57};

/// log 2 as 41 bits, whose product with a whole number below 2^12 is exact, and a second word.
inline constexpr double ln_two_split[] = {0x1.62e42fefa3000p-1, 0x1.3de6af278ece6p-42};

/// log 2 in two words.
inline constexpr double ln_two[] = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

/// 1/log 2.
inline constexpr double log2_e[] = {0x1.71547652b82fep+0};

}  // namespace assay::polynomial
// clang-format on
