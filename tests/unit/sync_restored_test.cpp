// S4: a tablet that was restored from a backup writes nothing before it has its own changes back, whatever else the file tells that
// proves its loss: of clones of somebody, of its own name on two machines, of what is missing besides.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/store/log.h"
#include "tests/support/company.h"

using namespace kehubu;
using namespace kehubu::test;

namespace {

bool may_write(TestDevice& device) {
  const Edit edit{.entity = find_entity("customer"), .row = new_id(device.environment()), .fields = {{find_entity("customer")->find("name"), Value{std::string{"新的"}}}}};
  return device.store().write({&edit, 1}, {.skip_validation = true}).has_value();
}

bool any_remark(const MergeReport& report, std::string_view words) {
  return std::ranges::any_of(report.remarks, [&](const Sentence& remark) { return remark.zh.contains(words); });
}

bool any_line(const Preview& preview, std::string_view words) {
  return std::ranges::any_of(preview.lines, [&](const PreviewLine& line) { return line.text.zh.contains(words); });
}

std::size_t histories_of(TestDevice& device, const Id& name) { return internals(device.store()).log().branches_of(name).size(); }

// A tablet was backed up and wrote on; then two machines of a colleague's name became known, of which the backup knows nothing.
struct RestoredBesideAClone : Company {
  TestDevice& office = hire("总部电脑");
  TestDevice& tablet = hire("王敏的平板");
  TestDevice& colleague = hire("李强的平板");
  TestDevice* restored = nullptr;
  RestoredBesideAClone() {
    customer(tablet, "一");
    customer(colleague, "同事的");
    give(tablet, office);
    give(colleague, office);
    give(office, tablet);
    restored = &clone(tablet);
    customer(tablet, "备份之后");
    customer(tablet, "又一个");
    TestDevice& twin = clone(colleague);
    customer(colleague, "原来的");
    customer(twin, "克隆的");
    for (TestDevice* device : {&tablet, &colleague, &twin}) {
      give(*device, office);
    }
    REQUIRE(histories_of(office, colleague.id()) == 3);
    give(office, tablet);
    give(tablet, office);  // head office knows from here on that the tablet has everything
  }
};

}  // namespace

TEST_CASE("S4: a restored tablet is stopped by what proves its loss, though the file also tells of a clone that it has never heard of") {
  for (const bool with_news : {false, true}) {
    CAPTURE(with_news);
    RestoredBesideAClone company;
    TestDevice &office = company.office, &restored = *company.restored;
    if (with_news) {
      company.customer(office, "总部新的");
    }
    const std::string file = office.export_for(company.tablet);
    const std::string hash = restored.content_hash();
    CHECK(restored.preview(file).state == BundleState::waiting);
    const auto missing = restored.sync().missing_own();  // looking was enough
    REQUIRE(missing);
    CHECK(missing->first == 2);
    CHECK(missing->last == 3);
    const MergeReport report = restored.import(file);
    CHECK(report.already_known == 0);
    CHECK(report.waiting == 1);
    CHECK(any_remark(report, "它自己做过的第 2–3 号修改别人那里有，这里没有"));
    CHECK_FALSE(may_write(restored));
    CHECK(restored.content_hash() == hash);
    // Everything brings it back, and says so.
    const std::string everything = office.export_all();
    CHECK(any_line(restored.preview(everything), "本机自己做过、但本机已经没有的 2 处修改"));
    const MergeReport back = restored.import(everything);
    CHECK(back.refused == 0);
    CHECK(back.waiting == 0);
    CHECK(any_remark(back, "本机没有了的 2 处修改已经取回"));
    CHECK_FALSE(restored.sync().missing_own());
    CHECK(restored.content_hash() == office.content_hash());
    // It goes on where it was, under its name.
    CHECK(may_write(restored));
    CHECK(office.import(restored.export_all()).refused == 0);
    CHECK(restored.id() == company.tablet.id());
    CHECK(histories_of(office, restored.id()) == 1);
  }
}

TEST_CASE("S4: what it is told by looking at a file alone holds, also where that file would bring its changes back") {
  for (const bool beside_a_clone : {false, true}) {
    CAPTURE(beside_a_clone);
    RestoredBesideAClone company;
    TestDevice& restored = *company.restored;
    const std::string everything = beside_a_clone ? company.office.export_all() : company.tablet.export_all();
    const Preview preview = restored.preview(everything);
    CHECK(preview.state == BundleState::ready);
    CHECK(any_line(preview, "本机自己做过、但本机已经没有的 2 处修改"));
    CHECK_FALSE(any_line(preview, "别人那里有，这里没有"));  // it is in the file
    CHECK_FALSE(may_write(restored));  // who leaves it at that would write other changes under the same numbers
    restored.import(everything);
    CHECK(may_write(restored));
  }
}

TEST_CASE("S4: a restored tablet is stopped where its own name was split since, and goes on under another one") {
  for (const bool twin_wrote_more : {false, true}) {
    CAPTURE(twin_wrote_more);
    Company company;
    TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板"), &other = company.hire("赵云的平板");
    company.customer(tablet, "一");
    company.customer(tablet, "二");
    Company::give(tablet, office);
    TestDevice& twin = company.clone(tablet);
    company.customer(tablet, "三");
    TestDevice& restored = company.clone(tablet);
    company.customer(tablet, "四");
    for (int number = 0; number < (twin_wrote_more ? 4 : 1); ++number) {
      company.customer(twin, "克隆的 " + std::to_string(number));
    }
    Company::give(tablet, office);
    Company::give(twin, office);
    Company::give(office, other);
    Company::give(other, office);
    const std::string file = office.export_for(other);  // nothing new in it: it names the histories and how long they are
    const Id old = restored.id();
    CHECK(restored.import(file).waiting == 1);
    REQUIRE(restored.sync().missing_own());
    CHECK_FALSE(may_write(restored));
    CHECK(restored.import(office.export_all()).refused == 0);
    CHECK_FALSE(restored.sync().missing_own());
    CHECK(restored.id() != old);
    CHECK(may_write(restored));
    CHECK(office.import(restored.export_all()).refused == 0);
    CHECK(office.content_hash() == restored.content_hash());
    CHECK(histories_of(office, old) == 3);  // what both have, and two branches: no third one
  }
}

TEST_CASE("S4: a tablet that has lost nothing is not stopped by what another machine wrote under its name") {
  Company company;
  TestDevice &office = company.hire("总部电脑"), &tablet = company.hire("王敏的平板"), &other = company.hire("赵云的平板");
  company.customer(tablet, "一");
  Company::give(tablet, office);
  TestDevice& twin = company.clone(tablet);
  company.customer(tablet, "平板的");
  for (const char* name : {"甲", "乙", "丙"}) {
    company.customer(twin, name);
  }
  Company::give(tablet, office);
  Company::give(twin, office);
  Company::give(office, other);
  Company::give(other, office);
  const std::string file = office.export_for(other);
  CHECK(tablet.preview(file).state == BundleState::already_known);
  CHECK_FALSE(tablet.sync().missing_own());  // its own history is listed, as long as it is here
  tablet.import(file);
  CHECK_FALSE(tablet.sync().missing_own());
  CHECK(may_write(tablet));
  company.settle();
}
