// Testees that have a name: an adapter is a folder with a program `run` in it, and the folder's name is the
// testee's. Where it has a program `setup`, that makes what `run` needs without touching what is the user's.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace assay {

/// The folders of adapters, the best first: in the source tree, installed, and under the working directory.
std::vector<std::filesystem::path> adapter_folders();

/// The names to be found in those folders, sorted, each once.
std::vector<std::string> adapter_names(const std::vector<std::filesystem::path>& folders);

/// The folder of the adapter of that name. Throws UsageError, which tells the nearest name and all there are.
std::filesystem::path adapter(const std::string& name, const std::vector<std::filesystem::path>& folders);

/// Runs the adapter's `setup` where it has one: without standard input, and what it prints goes to standard
/// error. Throws TesteeError where it fails.
void set_up(const std::filesystem::path& adapter);

}  // namespace assay
