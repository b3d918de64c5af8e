#include "core/importing/headings.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <unordered_set>

#include "core/base/text.h"
#include "core/importing/parties.h"

namespace kehubu {
namespace {

// Heads that spreadsheets have beyond the labels of our forms and their aliases.
struct Synonyms {
  std::string_view entity, field, names;
};
constexpr std::array synonyms = {
    Synonyms{"customer", "name", "名称|单位|企业|公司|客户|商户名称|门店名称|店名|厂商名称|客户名|company|companyname|customer|customername|account|accountname"},
    Synonyms{"customer", "name", "organization1-name|organizationname|客戶名稱|公司名稱|單位名稱|店名稱"},
    Synonyms{"customer", "phone", "電話|聯絡電話|公司電話"},
    Synonyms{"customer", "address", "住址|通讯地址|通訊地址|地點|address1-formatted"},
    Synonyms{"customer", "tax_no", "統一編號|統一社會信用代碼"},
    Synonyms{"contact", "name", "聯絡人|聯繫人"},
    Synonyms{"contact", "mobile", "手機|行動電話|phone1-value|mobile|mobilenumber"},
    Synonyms{"contact", "email", "e-mail1-value|emailaddress"},
    Synonyms{"contact", "title", "職務|職稱|organization1-title"},
    Synonyms{"customer", "code", "编号|客户代码|客户编码|客户号|代码|证券代码|股票代码|customercode|customerno|customerid"},
    Synonyms{"customer", "region", "地区|区域|省份|省|省市|大区|片区|所在地区|所在省份|province"},
    Synonyms{"customer", "city", "城市|所在城市|市"},
    Synonyms{"customer", "phone", "电话号码|座机|固定电话|固话|联系号码|客户电话|tel|telephone|phonenumber"},
    Synonyms{"customer", "email", "电子邮箱|邮件|email|mail"},
    Synonyms{"customer", "industry", "行业|行业类别|行业分类"},
    Synonyms{"customer", "website", "网址|网站|官网|url"},
    Synonyms{"customer", "delivery_address", "收货地址|发货地址"},
    Synonyms{"customer", "coop_start", "首次交易日期|首次合作日期|合作日期|合作开始日期|首单日期|开户日期"},
    Synonyms{"customer", "main_business", "主营业务|经营范围|主营产品|公司简介"},
    Synonyms{"customer", "tax_no", "统一社会信用代码|社会信用代码|纳税人识别号|信用代码|税务登记号"},
    Synonyms{"customer", "license_no", "营业执照号|营业执照号码|营业执照|执照号|执照编号"},
    Synonyms{"customer", "bank_account", "银行账号|银行帐号|帐号|银行账户"},
    Synonyms{"customer", "bank_name", "开户行|银行"},
    Synonyms{"customer", "postcode", "邮政编码|zip"},
    Synonyms{"customer", "owner", "销售|销售员|销售代表|客户经理|跟进人|归属人|业务代表|业务经理|业务员姓名|销售经理|销售人员|所属业务员|负责业务员|salesperson|owner"},
    Synonyms{"customer", "source", "来源|客户渠道"},
    Synonyms{"customer", "branch_name", "门店名称|分店|店名|网点名称|分店名"},
    Synonyms{"customer", "parent", "上级单位|上级公司|母公司|总公司|所属集团|隶属单位|parentcompany|parentaccount"},
    Synonyms{"customer", "remark", "说明|备考|note|notes|comment"},
    Synonyms{"contact", "customer", "单位|企业|公司|company"},
    Synonyms{"contact", "name", "联系人|联络人|对接人|联系人名称|contact|contactname|contactperson"},
    Synonyms{"contact", "mobile", "手机号|手机号码|联系手机|移动电话号码|mobilephone|cell"},
    Synonyms{"contact", "phone", "固定电话|座机|电话号码|联系电话|tel|telephone"},
    Synonyms{"contact", "home_phone", "家庭电话|家里电话|宅电"},
    Synonyms{"contact", "title", "岗位|头衔|position|jobtitle"},
    Synonyms{"contact", "birth_year", "年龄|出生年|岁数|age"},
    Synonyms{"contact", "birthday", "出生日期|出生年月|birthdate"},
    Synonyms{"contact", "wechat", "微信号码"},
    Synonyms{"contact", "email", "电子邮箱|邮件|mail"},
    Synonyms{"contact", "address", "家庭地址|家庭住址|现住址|居住地址"},
    Synonyms{"product", "name", "名称|产品|商品|品名规格|product"},
    Synonyms{"product", "code", "商品编号|商品编码|产品编码|产品代码|商品代码|物料编码|物料编号|物料代码|存货编码|料号|品号|货号|条码|sku"},
    Synonyms{"product", "list_price", "单价|零售价|价格|销售价|price"},
    Synonyms{"product", "cost_price", "进价|成本|采购价|cost"},
    Synonyms{"product", "unit", "计量单位"},
    Synonyms{"product", "category", "类别|分类|品类"},
};

void add_names(FieldNames& names, std::string_view separated, int score) {
  while (!separated.empty()) {
    const std::size_t end = std::min(separated.find('|'), separated.size());
    if (std::string folded = read_heading(separated.substr(0, end)).name; !folded.empty()) {
      names.names.push_back({std::move(folded), score});
    }
    separated.remove_prefix(std::min(end + 1, separated.size()));
  }
}

// 意向等级, 信用等级: of something else than the customer as a whole.
bool names_another_measure(std::string_view front) {
  static constexpr std::array<std::string_view, 14> measures = {"意向", "信用", "信誉", "风险", "授信", "潜力", "安全", "卫生", "星级", "产品", "合同", "机会", "满意", "忠诚"};
  return std::ranges::any_of(measures, [front](std::string_view measure) { return front.starts_with(measure); });
}

// A telephone, an address, a name: what every party has.
bool is_had_by_every_party(const MappableField& target) {
  const std::string_view id = target.field->id;
  return target.field->format == Format::phone || target.field->format == Format::email || target.entity->id == "contact" || id.ends_with("name") || id.ends_with("address");
}

constexpr int most_of_unsaid = 57;  // below sure_from, with the shade of an alias taken away still a proposal

// How well a heading that is not the name still says it. The end of a Chinese heading says what it is, the beginning
// whose: 公司电话 is the company's, 业务员电话 not, and of 老板电话 that has to be asked.
int score_part(std::string_view heading, std::string_view name, const MappableField& target) {
  constexpr std::size_t shortest = 2;  // code points; one hanzi is in too many words
  const bool whole_in_heading = name.size() <= heading.size() && heading.contains(name) && count_code_points(name) >= shortest;
  const bool heading_in_name = heading.size() < name.size() && name.contains(heading) && count_code_points(heading) >= shortest;
  const auto share = [](std::string_view part, std::string_view whole) { return static_cast<int>(30 * part.size() / whole.size()); };
  if (whole_in_heading) {
    const bool ends = heading.ends_with(name);
    const std::string_view front = ends ? heading.substr(0, heading.size() - name.size()) : std::string_view();
    if ((!front.empty() && names_another_party(heading) && is_had_by_every_party(target)) || (target.field->list != nullptr && names_another_measure(front))) {
      return 0;
    }
    const int score = 40 + share(name, heading) + (ends ? 20 : 0);
    return is_of_the_record(front) || target.field->id == "remark" ? score : std::min(score, most_of_unsaid);
  }
  return heading_in_name ? std::min(35 + share(heading, name) + (name.ends_with(heading) ? 15 : 0), most_of_unsaid) : 0;
}

// All names of all fields.
const std::unordered_set<std::string>& known_headings() {
  static const std::unordered_set<std::string> known = [] {
    std::unordered_set<std::string> names;
    for (const Entity* entity : entities()) {
      for (const Field& field : entity->fields) {
        for (auto& [text, score] : names_of({entity, &field}).names) {
          names.insert(std::move(text));
        }
      }
    }
    names.insert("序号");
    return names;
  }();
  return known;
}

bool is_one_of(const Heading& heading, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [&heading](std::string_view word) { return word == heading.name; });
}

}  // namespace

FieldNames names_of(const MappableField& target) {
  FieldNames names{target, {}};
  const Field& field = *target.field;
  add_names(names, field.zh, 100);
  add_names(names, field.en, 98);
  add_names(names, field.aliases, 96);
  add_names(names, field.id, 90);
  for (const Synonyms& row : synonyms) {
    if (row.entity == target.entity->id && row.field == field.id) {
      add_names(names, row.names, 92);
    }
  }
  return names;
}

const std::vector<FieldNames>& names_of_fields(const Entity& entity) {
  static std::map<const Entity*, std::vector<FieldNames>> by_entity;
  std::vector<FieldNames>& names = by_entity[&entity];
  if (names.empty()) {
    std::ranges::transform(mappable_fields(entity), std::back_inserter(names), names_of);
  }
  return names;
}

int count_known_headings(std::span<const std::string> cells) {
  const std::unordered_set<std::string>& known = known_headings();
  constexpr std::size_t longest = 60;  // bytes
  std::unordered_set<std::string> found;
  for (const std::string& cell : cells) {
    if (cell.empty() || cell.size() > longest) {
      continue;
    }
    if (std::string name = read_heading(cell).name; known.contains(name)) {
      found.insert(std::move(name));
    }
  }
  return static_cast<int>(found.size());
}

bool may_be_heading(const std::string& folded) {
  return folded.find_first_of("([*:/\"'") != std::string::npos || known_headings().contains(folded);
}

std::string heading_at_end(std::string_view cell) {
  constexpr std::size_t longest = 60;  // bytes
  if (cell.empty() || cell.size() > longest) {
    return {};
  }
  const std::string name = read_heading(cell).name;
  if (known_headings().contains(name)) {
    return name;
  }
  // What a company's own name may end with: 公司, 单位, 酒店.
  const Entity& customer = *find_entity("customer");
  const FieldNames companies = names_of({&customer, customer.find(customer.title_field)});
  std::string longest_end;
  for (const Entity* entity : entities()) {
    for (const Field& field : entity->fields) {
      FieldNames labels{{entity, &field}, {}};
      add_names(labels, field.zh, 0);
      add_names(labels, field.aliases, 0);
      for (const auto& [label, score] : labels.names) {
        const bool of_companies = std::ranges::find(companies.names, label, &FieldNames::Name::text) != companies.names.end();
        if (label.size() > longest_end.size() && count_code_points(label) >= 2 && static_cast<unsigned char>(label.front()) >= 0x80 && !of_companies && name.ends_with(label)) {
          longest_end = label;
        }
      }
    }
  }
  return longest_end;
}

bool is_heading_of_names(std::string_view cell) {
  static constexpr std::array<std::string_view, 3> endings = {"名称", "姓名", "name"};
  constexpr std::size_t longest = 60;  // bytes
  const std::string name = cell.size() <= longest ? read_heading(cell).name : std::string();
  return known_headings().contains(name) && std::ranges::any_of(endings, [&name](std::string_view ending) { return name.ends_with(ending); });
}

int score_heading(const Heading& heading, const FieldNames& names) {
  int best = 0;
  for (const auto& [name, score] : names.names) {
    best = std::max(best, heading.name == name ? score : 0);
  }
  if (best == 0 && !heading.name.empty()) {
    for (const auto& [name, score] : names.names) {
      // A part of an English name says little: "name" is in twenty of them.
      const bool latin = static_cast<unsigned char>(name.front()) < 0x80;
      best = std::max(best, latin ? 0 : score_part(heading.name, name, names.target) - (100 - score) / 4);
    }
  }
  return best;
}

bool is_serial_number_heading(const Heading& heading) {
  static constexpr std::array<std::string_view, 6> words = {"序号", "no", "no.", "#", "行号", "项次"};
  return is_one_of(heading, words);
}

bool is_person_heading(const Heading& heading) {
  static constexpr std::array<std::string_view, 11> words = {"姓名",   "客户姓名",   "会员姓名",   "个人姓名", "顾客姓名", "fullname",
                                                             "收货人", "收货人姓名", "收件人姓名", "收件人",   "买家姓名"};
  return is_one_of(heading, words);
}

Employment employment_of(const Heading& heading) {
  std::string_view name = heading.name;
  for (const std::string_view kind : {"名称", "全称", "简称", "名"}) {
    if (name.ends_with(kind)) {
      name.remove_suffix(kind.size());
      break;
    }
  }
  const auto is_of_somebody_else = [name](std::string_view front) { return name.starts_with(front); };
  for (const std::string_view organisation : {"单位", "公司", "企业", "机构"}) {
    if (!name.ends_with(organisation) || std::ranges::any_of(std::array<std::string_view, 8>{"从属", "上级", "母", "总", "集团", "下属", "分", "子"}, is_of_somebody_else)) {
      continue;
    }
    const std::string_view front = name.substr(0, name.size() - organisation.size());
    static constexpr std::array<std::string_view, 14> fronts = {"工作", "所在", "任职", "就职", "供职", "就业", "从业", "所属", "客户", "往来", "合作", "现", "目前", "服务"};
    const bool known = front.empty() || std::ranges::find(fronts, front) != fronts.end() || (is_of_the_record(front) && front != "注册");
    return known ? Employment::certain : Employment::perhaps;
  }
  return Employment::none;
}

bool is_organisation_heading(const Heading& heading) {
  static constexpr std::array<std::string_view, 6> words = {"organization", "organisation", "organization1-name", "organizationname", "company", "companyname"};
  return is_one_of(heading, words);
}

bool is_bare_name_heading(const Heading& heading) {
  static constexpr std::array<std::string_view, 3> words = {"name", "fullname", "displayname"};
  return is_one_of(heading, words);
}

namespace {

// 联系人及电话, 姓名/手机: both of a person in one column.
bool names_person_and_phone(std::string_view name) {
  static constexpr std::array<std::string_view, 4> persons = {"联系人姓名", "联系人", "姓名", "负责人"};
  static constexpr std::array<std::string_view, 10> joins = {"及", "和", "与", "、", "/", "+", "&", "-", "|", ","};
  static constexpr std::array<std::string_view, 8> phones = {"电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "电话号码", "联系手机"};
  const auto person = std::ranges::find_if(persons, [name](std::string_view front) { return name.starts_with(front); });
  if (person == persons.end()) {
    return false;
  }
  name.remove_prefix(person->size());
  const auto join = std::ranges::find_if(joins, [name](std::string_view mark) { return name.starts_with(mark); });
  return join != joins.end() && std::ranges::find(phones, name.substr(join->size())) != phones.end();
}

}  // namespace

bool is_contact_heading(const Heading& heading) {
  static constexpr std::array<std::string_view, 11> words = {"联系人",   "联系人姓名", "联络人",      "对接人",       "姓名",
                                                            "联系人名称", "contact",    "contactname", "contactperson",
                                                            "聯絡人",   "聯繫人"};
  return is_one_of(heading, words) || names_person_and_phone(heading.name);
}

Heading behind_contact(const Heading& heading) {
  for (const std::string_view person : {"联系人", "联络人", "对接人", "聯絡人", "聯繫人"}) {
    if (heading.name.starts_with(person)) {
      return {heading.name.substr(person.size()), heading.unit};
    }
  }
  return {};
}

bool is_bare_day_heading(const Heading& heading) {
  static constexpr std::array<std::string_view, 7> words = {"日期", "时间", "日期时间", "date", "time", "datetime", "day"};
  return is_one_of(heading, words);
}

bool is_product_heading(const Heading& heading) {
  static constexpr std::array<std::string_view, 10> words = {"产品名称", "产品", "商品名称", "商品", "品名", "品名规格", "产品编码", "商品编码", "productname", "product"};
  return is_one_of(heading, words);
}

namespace {

// 1–9 or 一–九 at the front of the text; its size is taken off.
int take_number(std::string_view& text) {
  static constexpr std::array<std::string_view, 9> hanzi = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
  if (!text.empty() && text.front() >= '1' && text.front() <= '9') {
    const int number = text.front() - '0';
    text.remove_prefix(1);
    return number;
  }
  for (std::size_t index = 0; index < hanzi.size(); ++index) {
    if (text.starts_with(hanzi[index])) {
      text.remove_prefix(hanzi[index].size());
      return static_cast<int>(index) + 1;
    }
  }
  return 0;
}

// "2" or "二" at the end, behind something else than a digit: not the end of 2023.
NumberedHeading number_at_end(const Heading& heading) {
  const std::string& name = heading.name;
  for (const std::size_t size : {std::size_t{1}, std::string_view("一").size()}) {
    std::string_view end = name.size() > size ? std::string_view(name).substr(name.size() - size) : std::string_view();
    const bool inner = !end.empty() && name[name.size() - size - 1] >= '0' && name[name.size() - size - 1] <= '9';
    if (const int number = inner ? 0 : take_number(end); number > 0 && end.empty()) {
      std::string front = name.substr(0, name.size() - size);
      while (front.ends_with('-') || front.ends_with('_')) {
        front.pop_back();
      }
      return {{std::move(front), heading.unit}, number};
    }
  }
  return {heading, 0};
}

}  // namespace

NumberedHeading read_number(const Heading& heading) {
  std::string_view unit = heading.unit;
  if (const int number = take_number(unit); number > 0 && unit.empty()) {
    return {{heading.name, {}}, number};
  }
  if (std::string_view rest = heading.name; rest.starts_with("第")) {  // 第一联系人手机
    rest.remove_prefix(std::string_view("第").size());
    const int number = take_number(rest);
    rest.remove_prefix(rest.starts_with("位") ? std::string_view("位").size() : 0);
    if (number > 0 && !rest.empty() && (rest.front() < '0' || rest.front() > '9')) {
      return {{std::string(rest), heading.unit}, number};
    }
  }
  for (const std::string_view person : {"联系人", "联络人", "contact"}) {
    std::string_view rest = heading.name;
    if (!rest.starts_with(person)) {
      continue;
    }
    rest.remove_prefix(person.size());
    const int number = take_number(rest);
    rest = rest.substr(std::min(rest.find_first_not_of("-_/"), rest.size()));
    if (number > 0 && (rest.empty() || rest.front() < '0' || rest.front() > '9')) {
      return {{std::string(rest.empty() ? person : rest), heading.unit}, number};
    }
  }
  return number_at_end(heading);
}

}  // namespace kehubu
