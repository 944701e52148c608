# Turns the C++ on a page into tests, one a block, named after the heading above it: awk -f page.awk README.md
# In a block, assert is an expectation. A block with a main of its own is a program: install_test.sh runs it.
BEGIN {
  print "// Made from " ARGV[1] " by tests/losses/api/page.awk."
  print "#include <gtest/gtest.h>"
  headers = "array assay/losses.hpp cmath cstdint limits span stdexcept string vector"
  for (i = split(headers, header, " "); i > 0; --i) print "#include <" header[i] ">"
  print "#undef assert\n#define assert(claim) EXPECT_TRUE(claim)"
}
/^#/ && !inside {
  title = ""
  count = split($0, word, /[^A-Za-z]+/)
  for (i = 1; i <= count; ++i) title = title toupper(substr(word[i], 1, 1)) substr(word[i], 2)
  number = 0
}
/^```/ {
  if (inside == "cpp" && block !~ /int main\(/) {
    ++made
    printf "TEST(Page, %s%d) {\n#line %d \"%s\"\n%s}\n", title, ++number, line, FILENAME, block
  }
  inside = inside ? "" : substr($0, 4)
  block = ""
  line = FNR + 1
  next
}
inside { block = block $0 "\n" }
END {
  if (inside || !made) {
    print "page.awk: " FILENAME (inside ? " ends in the middle of a block" : " has no example") > "/dev/stderr"
    exit 1
  }
}
