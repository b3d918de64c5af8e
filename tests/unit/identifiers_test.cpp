// Numbers that people copy by hand: how they are cleaned, judged and compared.
#include <doctest/doctest.h>

#include "core/base/identifiers.h"
#include "core/catalog/areas.h"
#include "tests/support/store_fixture.h"

namespace kehubu::test {

TEST_CASE("telephones: every way that people write one is told, and nothing else") {
  const auto kind_is = [](PhoneKind kind, std::initializer_list<const char*> texts) {
    for (const char* text : texts) {
      CAPTURE(std::string(text));
      CHECK(phone_kind(text) == kind);
    }
  };
  kind_is(PhoneKind::mobile, {"13911232208", "139-1123-2206", "139 1123 2206", "+86 139 1123 2206", "0086-139-1123-2205", "8613911232208",
                              "１３９１１２３２２０７", "(86)13911232208", "+86(139)11232206", "139－1123–2206"});
  kind_is(PhoneKind::land_line, {"010-61232203", "01061232203", "(010)61232204", "（010）61232204", "010－61232210", "010—61232210", "0571 1234567",
                                 "010-61232203转8001", "010-61232203 转 8001", "010-61232203分机8001", "010-61232203 ext. 801", "021-12345678-801",
                                 "021-12345678x12", "+86 10 61232203", "０１０－６１２３２２０３"});
  kind_is(PhoneKind::service, {"400-123-2201", "4001232202", "800-123-2214", "400 123 2201"});
  kind_is(PhoneKind::international, {"+852 2345 6789", "+81-3-1234-5678", "+1 (415) 555-0100"});
  kind_is(PhoneKind::local, {"61232213", "6123-2213", "8123456"});
  kind_is(PhoneKind::short_number, {"95123", "10086", "961234"});
  kind_is(PhoneKind::none, {"", "-", "12345", "1380013800", "23800138000", "abc", "021-12345678-", "无", "13911232209/010-61232209", "99999999999999999999",
                            "00000000000", "010-61232203转", "转8001", "+", "()"});
  for (const char* several : {"13911232209/010-61232209", "13911232211、13911232212", "13911232211；400-123-2201", "13911232211 13911232212", "13911232211，13911232212"}) {
    CAPTURE(std::string(several));
    CHECK(is_phone_number(several));
  }
  CHECK_FALSE(is_phone_number("13911232211、张三"));
  CHECK_FALSE(is_phone_number("/"));
}

TEST_CASE("telephones: cleaned as written, compared by their digits") {
  CHECK(tidy_phone(" １３９－１１２３　２２０７ ") == "139-1123 2207");
  CHECK(tidy_phone("010—61232210") == "010-61232210");
  CHECK(tidy_phone("（010）61232204转８") == "(010)61232204转8");
  CHECK(phone_key("+86 139-1123-2206") == "13911232206");
  CHECK(phone_key("0086 13911232206") == phone_key("１３９１１２３２２０６"));
  CHECK(phone_key("010-61232203转8001") == phone_key("(010)61232203"));
  CHECK(phone_key("13911232209/010-61232209") == "13911232209");
  CHECK(phone_key("张三").empty());
}

TEST_CASE("account and tax numbers: blanks, hyphens and full width are no part of them") {
  CHECK(tidy_bank_account("6222-0212-3456-7890-124") == "6222021234567890124");
  CHECK(tidy_bank_account("６２２２　０２１２") == "62220212");
  CHECK(tidy_tax_number("9131 0100 ma1f l0a3 7b") == "91310100MA1FL0A37B");
}

TEST_CASE("addresses of the web: with a scheme in small letters, and nothing that is none") {
  CHECK(tidy_web_address("bohai.cn") == "https://bohai.cn");
  CHECK(tidy_web_address(" WWW.Bohai.com.cn/关于?a=1,2&b#c ") == "https://WWW.Bohai.com.cn/关于?a=1,2&b#c");
  CHECK(tidy_web_address("HTTP://Bohai.cn/") == "http://Bohai.cn/");
  CHECK(tidy_web_address("HTTPS://bohai.cn:8443/x;v=1") == "https://bohai.cn:8443/x;v=1");
  CHECK(tidy_web_address("//bohai.cn/x") == "https://bohai.cn/x");
  CHECK(tidy_web_address("http://intranet/book") == "http://intranet/book");
  CHECK(tidy_web_address("192.168.1.20:8080") == "https://192.168.1.20:8080");
  CHECK(tidy_web_address("博海.公司") == "https://博海.公司");
  for (const std::string_view none : {"", "无", "暂无", "N/A", "-", "ftp://bohai.cn", "mailto:x@bohai.cn", "x@bohai.cn", "javascript:alert(1)", "www.a.cn;www.b.cn", "www.a.cn、www.b.cn",
                                      "www.a.cn,www.b.cn", "www.a.cn www.b.cn", "http://", "https://", "//", "3.5万", "1.2", "bohai", "bohai.", ".cn", "a..cn", "<b>a.cn</b>", "=HYPERLINK(\"http://a.cn\")"}) {
    CAPTURE(none);
    CHECK_FALSE(tidy_web_address(none));
  }
}

TEST_CASE("what a form saves is cleaned as an import cleans it") {
  StoreFixture fixture;
  const Id id = fixture.create(catalog::customer, {{"name", "博海餐饮"}, {"phone", "０１０－６１２３２２１０"}, {"bank_account", "6222-0212-3456-7890"},
                                                   {"tax_no", "9131 0100 ma1f l0a3 7b"}});
  const Record record = fixture.read(catalog::customer, id);
  CHECK(text_or_empty(record.value("phone")) == "010-61232210");
  CHECK(text_or_empty(record.value("bank_account")) == "6222021234567890");
  CHECK(text_or_empty(record.value("tax_no")) == "91310100MA1FL0A37B");
}


TEST_CASE("a telephone dials one number, and waits for the line before the extension") {
  const auto dialled = [](std::string_view text) {
    std::string all;
    for (const PhoneNumber& number : phone_numbers(text)) {
      all += (all.empty() ? "" : " ") + number.dialled;
    }
    return all;
  };
  CHECK(dialled("0571-88010001、13800138000") == "057188010001 13800138000");
  CHECK(dialled("13912345678/010-61232209") == "13912345678 01061232209");
  CHECK(dialled("138 0013 8000 139 1234 5678") == "13800138000 13912345678");
  CHECK(dialled("010-61230001转8001") == "01061230001,8001");
  CHECK(dialled("010-61230001-801") == "01061230001,801");
  CHECK(dialled("+86 138-0013-8000") == "13800138000");
  CHECK(dialled("+1 (415) 555-0100 ext. 12") == "+14155550100,12");
  CHECK(dialled("（０２０）８８８８１１１１") == "02088881111");
  CHECK(dialled("95123") == "95123");
  CHECK(dialled("没有").empty());
  CHECK(dialled("13800138000、没有").empty());
  CHECK(phone_numbers("0571-88010001、13800138000").at(1).written == "13800138000");
}

}  // namespace kehubu::test
