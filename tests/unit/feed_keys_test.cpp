#include "lib/feed/keys.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>

#include "lib/system/error.h"
#include "tests/support/temp_dir.h"

using namespace monitor;
using namespace monitor::feed;

namespace {

// As `zmq.auth.create_certificates` of pyzmq writes it.
constexpr const char* kForeign = R"(#   ****  Generated on 2026-02-20 14:32:00.000000 by pyzmq  ****
#   ZeroMQ CURVE **Secret** Certificate
#   DO NOT PROVIDE THIS FILE TO OTHER USERS nor change its permissions.

metadata
curve
    public-key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
    secret-key = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
)";
// The pair of RFC 26's and the manual's examples.
constexpr const char* kPublic = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";

struct Files {
  std::string write(const std::string& name, const std::string& text) const {
    tests::write_file(directory / name, text);
    ::chmod((directory / name).c_str(), 0600);
    return directory / name;
  }
  tests::TempDir directory;
};

void check_refused(const std::string& path, const std::string& because) {
  BOOST_CHECK_EXCEPTION(read_key_pair(path), system::ConfigError, [&](const auto& error) {
    const std::string text = error.what();
    BOOST_TEST(text.find(path) != std::string::npos, text);
    BOOST_TEST(text.find(because) != std::string::npos, text);
    BOOST_TEST(text.find("D:)Q") == std::string::npos, text);
    return true;
  });
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(feed_keys, Files)

BOOST_AUTO_TEST_CASE(a_pair_that_was_written_is_read_and_is_for_its_owner_only) {
  const KeyPair pair = make_key_pair();
  BOOST_TEST(is_key(pair.public_key));
  BOOST_TEST(pair.public_key != make_key_pair().public_key);
  write_key_pair(directory / "key", pair);
  const KeyPair again = read_key_pair(directory / "key");
  BOOST_TEST(again.public_key == pair.public_key);
  BOOST_TEST(again.secret_key == pair.secret_key);
  struct stat found {};
  ::stat((directory / "key").c_str(), &found);
  BOOST_TEST((found.st_mode & 0777) == 0600U);
}

BOOST_AUTO_TEST_CASE(a_pair_is_never_overwritten) {
  const std::string path = write("key", "precious");
  BOOST_CHECK_THROW(write_key_pair(path, make_key_pair()), system::Failure);
  BOOST_TEST(tests::read_file(path) == "precious");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_other_tools_is_read) {
  BOOST_TEST(read_key_pair(write("foreign", kForeign)).public_key == kPublic);
}

BOOST_AUTO_TEST_CASE(a_file_without_a_secret_key_is_refused_with_its_name) {
  check_refused(directory / "none", "can't be read");
  check_refused(write("public", std::string("curve\n  public-key = \"") + kPublic + "\"\n"),
                "secret-key");
  check_refused(write("short", "secret-key = \"D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%c\"\n"),
                "40 characters");
  std::string other = kForeign;
  other.replace(other.find(kPublic), 40, make_key_pair().public_key);
  check_refused(write("other", other), "its public key is not the one");
}

BOOST_AUTO_TEST_CASE(a_public_key_is_read_from_a_certificate_or_by_itself) {
  const std::string certificate = std::string("curve\n  public-key = \"") + kPublic + "\"\n";
  BOOST_TEST(read_public_key(write("a", certificate)) == kPublic);
  BOOST_TEST(read_public_key(write("b", std::string(kPublic) + " the receiver\n")) == kPublic);
  BOOST_CHECK_THROW(read_public_key(write("c", "hello\n")), system::ConfigError);
  BOOST_CHECK_THROW(read_public_key("no such file"), system::ConfigError);
}

BOOST_AUTO_TEST_CASE(somebody_elses_secret_is_not_taken_for_a_public_key) {
  BOOST_CHECK_THROW(read_public_key(write("foreign", kForeign)), system::ConfigError);
}

BOOST_AUTO_TEST_CASE(only_forty_characters_of_z85_are_a_key) {
  BOOST_TEST(is_key(kPublic));
  BOOST_TEST(!is_key(""));
  BOOST_TEST(!is_key(std::string(40, '~')));
  BOOST_TEST(!is_key(std::string(40, '#')));  // more than 32 bits
  BOOST_TEST(!is_key(std::string(kPublic) + "00000"));
}

BOOST_AUTO_TEST_SUITE_END()
