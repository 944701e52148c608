// The header to include: <assay/losses.hpp>, here and installed alike.
#pragma once

#include "losses/losses.hpp"
