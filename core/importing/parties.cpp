#include "core/importing/parties.h"

#include <algorithm>
#include <array>
#include <span>

namespace kehubu {
namespace {

struct PartyWords {
  Party party;
  std::string_view words;
};
constexpr std::array parties = {
    PartyWords{Party::company, "客户|公司|单位|企业|门店|店铺|商户|商家|网点|分店|店|总部|顾客|会员|甲方|对方|company|customer|account|business|shop|store"},
    PartyWords{Party::contact, "联系人|联络人|对接人|聯絡人|聯繫人|个人|本人|私人|contact|contactperson|personal"},
    PartyWords{Party::recipient, "收货人|收件人|买家|收货"},
    PartyWords{Party::unsaid, "其|本|现在|现任|现|目前|当前|所在|所属|归属|隶属|工作|任职|就职|主要|首选|常用|默认|具体|详细|固定|办公|联系|联络|营业|经营|注册|实际|有效|最新|主|新|通讯|首次|付款|有无|备用|其他|其它|另一|第二"},
};
// By how a heading begins.
constexpr std::string_view others = "业务员|业务代表|业务经理|销售|客户经理|区域经理|大区经理|跟进人|归属人|我方|乙方|督导|司机|送货员|送货人|配送|物流|快递|承运|介绍人|转介绍|推荐人|担保|保证人|房东|供应商|供货|厂家|竞争|制单|制表|填表|审核|录入|登记人|紧急联系";
// By how it ends.
constexpr std::string_view roles = "人|长|总|经理|老板|老板娘|会计|出纳|财务|采购|主任|职员|店员|专员|股东|代表|配偶|爱人|妻子|丈夫|父母|子女|孩子|上级|下属|领导|助理|秘书|师傅|店主|主管|总监|董事|同事|朋友";

struct ReachWords {
  Reach reach;
  std::string_view words;
};
constexpr std::array reaches = {
    ReachWords{Reach::any_phone, "电话|联系电话|电话号码|联系方式|联系号码|联络电话|固定电话|座机|座机号码|固话|電話|聯絡電話|tel|phone|telephone|phonenumber"},
    ReachWords{Reach::mobile, "手机|手机号|手机号码|联系手机|移动电话|移动电话号码|私人电话|手機|行動電話|mobile|mobilephone|mobilenumber|cell|phone1-value"},
    ReachWords{Reach::office_phone, "办公电话|办公室电话|办公座机|officephone"},
    ReachWords{Reach::home_phone, "住宅电话|家庭电话|家里电话|宅电|homephone"},
    ReachWords{Reach::fax, "传真|传真号|fax"},
    ReachWords{Reach::email, "电邮|邮箱|电子邮件|电子邮箱|邮件|email|e-mail|mail|emailaddress|e-mail1-value"},
    ReachWords{Reach::account, "社交媒体账号|微信|微信号|微信号码|qq|qq号|qq号码|钉钉|旺旺"},
    ReachWords{Reach::address, "地址"},
    ReachWords{Reach::home_address, "住址|家庭地址|家庭住址|居住地址|现住址"},
};

// Calls visit with each word; true as soon as one call is.
template <typename Visit>
constexpr bool any_word(std::string_view words, Visit visit) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find('|'), words.size());
    if (visit(words.substr(0, end))) {
      return true;
    }
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

struct FoundWord {
  Party party = Party::unsaid;
  std::size_t size = 0;
};
FoundWord longest_at_front(std::string_view text) {
  FoundWord found;
  for (const PartyWords& row : parties) {
    any_word(row.words, [&](std::string_view word) {
      found = text.starts_with(word) && word.size() > found.size ? FoundWord{row.party, word.size()} : found;
      return false;
    });
  }
  return found;
}

}  // namespace

bool names_another_party(std::string_view heading) {
  return any_word(others, [heading](std::string_view word) { return heading.starts_with(word); });
}

bool names_somebody(std::string_view heading) {
  return any_word(roles, [heading](std::string_view word) { return heading.ends_with(word); });
}

Party party_of(std::string_view front) {
  if (names_another_party(front)) {
    return Party::another;
  }
  // 客户联系人: who is nearer, says more; but 单位负责人 is no 单位.
  Party party = Party::unsaid;
  std::string_view rest = front;
  for (FoundWord found = longest_at_front(rest); found.size > 0; found = longest_at_front(rest)) {
    party = found.party == Party::unsaid ? party : found.party;
    rest.remove_prefix(found.size);
  }
  const bool is_person = party == Party::contact || party == Party::recipient;
  return !rest.empty() || (!is_person && names_somebody(front)) ? Party::somebody : party;
}

bool is_of_the_record(std::string_view front) {
  const Party party = party_of(front);
  return party != Party::another && party != Party::somebody;
}

ReachHeading read_reach(std::string_view name) {
  constexpr std::size_t longest_heading = 60;  // bytes; more is a sentence, or hostile
  ReachHeading found;
  if (name.size() > longest_heading) {
    return found;
  }
  std::size_t longest = 0;
  for (const ReachWords& row : reaches) {
    any_word(row.words, [&](std::string_view word) {
      if (name.ends_with(word) && word.size() > longest) {
        longest = word.size();
        found = {row.reach, name.substr(0, name.size() - word.size())};
      }
      return false;
    });
  }
  // 电话/微信 is one as well as the other.
  for (const std::string_view joint : {"/", "、", "及", "和", "与", "+", "&"}) {
    if (found.front.ends_with(joint)) {
      const ReachHeading first = read_reach(found.front.substr(0, found.front.size() - joint.size()));
      return first.reach != Reach::none ? first : found;
    }
  }
  return found;
}

}  // namespace kehubu
