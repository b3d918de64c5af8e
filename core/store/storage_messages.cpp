#include "core/store/storage_messages.h"

namespace kehubu::storage_messages {

Sentence failure(StorageFault fault) {
  switch (fault) {
    case StorageFault::none:
      return {};
    case StorageFault::quota:
      return sentence("浏览器存储空间已满，最近的修改尚未保存。请清理设备空间，或立即导出数据包；程序会继续自动重试。",
                      "The browser's storage is full, so the latest changes are not saved yet. Free some space on the device, "
                      "or export a bundle now; saving is retried by itself.");
    case StorageFault::silent:
      return sentence("浏览器存储没有响应，最近的修改尚未保存。程序正在重新连接，请勿关闭页面。",
                      "The browser's storage does not answer, so the latest changes are not saved yet. Reconnecting; please "
                      "keep this page open.");
    case StorageFault::connection_lost:
      return sentence("与浏览器存储的连接中断，最近的修改尚未保存。程序正在重新连接，请勿关闭页面。",
                      "The connection to the browser's storage was lost, so the latest changes are not saved yet. Reconnecting; "
                      "please keep this page open.");
    case StorageFault::unavailable:
      return sentence("浏览器不允许使用本机存储，最近的修改尚未保存。请立即导出数据包。",
                      "The browser does not allow storage on this device, so the latest changes are not saved. Export a bundle "
                      "now.");
    case StorageFault::aborted:
      break;
  }
  return sentence("保存失败，最近的修改尚未保存。程序正在自动重试，请勿关闭页面。",
                  "Saving failed, so the latest changes are not saved yet. It is retried by itself; please keep this page open.");
}

Sentence outcome(OpenOutcome outcome) {
  switch (outcome) {
    case OpenOutcome::first_run:
    case OpenOutcome::loaded:
      return {};
    case OpenOutcome::recovered:
      return sentence("本机的主数据已丢失或损坏，已从第二份副本恢复。副本之后的修改可能缺失，请核对最近的记录。",
                      "The data on this device was lost or damaged and has been restored from the second copy. Changes made after "
                      "that copy may be missing; please check the latest records.");
    case OpenOutcome::wiped:
      return sentence("浏览器已清除本机数据。请导入您最近一次导出的数据包。",
                      "This browser has wiped your data. Import the last bundle that you exported.");
    case OpenOutcome::damaged:
      return sentence("本机数据已损坏，无法读取，也没有可用的副本。请导入您最近一次导出的数据包。",
                      "The data on this device is damaged and there is no usable copy. Import the last bundle that you exported.");
    case OpenOutcome::newer_version:
      return sentence("本机数据由更新的版本写入。请刷新页面以更新程序；数据未被改动。",
                      "The data on this device was written by a newer version. Reload the page to update; nothing was changed.");
    case OpenOutcome::busy_elsewhere:
      return sentence("客户簿已在另一个标签页中打开。请使用那个标签页，或在此接管。",
                      "Kehubu is open in another tab. Use that tab, or take over here.");
    case OpenOutcome::unavailable:
      break;
  }
  return sentence("浏览器存储不可用（可能是无痕模式或被禁用），修改不会被保存。请退出无痕模式或重新启动浏览器。",
                  "The browser's storage is not available (a private window, or switched off), so changes will not be saved. Leave "
                  "private browsing or restart the browser.");
}

Sentence rolled_back() {
  return sentence("本机数据比上次保存的要旧，可能是浏览器恢复了旧备份。请核对最近的记录，必要时导入数据包。",
                  "The data on this device is older than what was last saved; the browser may have restored a backup. Check the "
                  "latest records and import a bundle if some are missing.");
}

Sentence rebuilt() {
  return sentence("浏览器清除了本机数据，程序正在用内存中的数据重新保存。请尽快导出数据包。",
                  "The browser has wiped the data on this device; it is being saved again from memory. Export a bundle soon.");
}

Sentence overtaken(bool unsaved) {
  if (unsaved) {
    return sentence("另一个标签页已接管，此页有尚未保存的修改。请先在此页导出同步包，再接管。",
                    "Another tab has taken over, and this page holds changes that are not saved. Export a bundle here first, then "
                    "take over.");
  }
  return sentence("另一个标签页已接管，此页只能查看。要在这里继续，请接管。",
                  "Another tab has taken over. This page can only be read; take over to go on here.");
}

Sentence erased() {
  return sentence("本机数据已全部删除。请刷新页面。", "All data on this device has been deleted. Reload the page.");
}

Sentence not_erased() {
  return sentence("未能删除全部本机数据。请关闭其他标签页后重试。",
                  "Not all data on this device could be deleted. Close the other tabs and try again.");
}

Sentence copy_comes_first() {
  return sentence("浏览器上次意外结束，继续保存之前要先写一份副本，但副本没有写成。已保存的数据完好，最近的修改尚未保存；程序会自动重试，请清理设备空间，并且不要关闭页面。",
                  "The browser ended unexpectedly last time, so a second copy has to be written before anything else is saved, and writing it "
                  "failed. What was saved is intact; the latest changes are not saved yet. It is retried by itself; free some space "
                  "on the device and keep this page open.");
}

Sentence no_copy_to_fall_back_on() {
  return sentence("副本多次没有写成，程序正在没有副本的情况下修复浏览器存储。此刻请不要关闭浏览器；修复之后请立即导出数据包。",
                  "The second copy could not be written however often it was tried, so the browser's storage is being mended without one. Do not "
                  "close the browser now, and export a bundle as soon as this message is gone.");
}

Sentence no_second_copy() {
  return sentence("此浏览器无法保存第二份副本。", "This browser cannot keep a second copy.");
}

Sentence not_protected() {
  return sentence("已经请求，浏览器还没有答应。把客户簿添加到主屏幕或收藏之后再请求；在那之前请按时备份。",
                  "Asked; the browser has not agreed so far. Add Kehubu to the home screen or the bookmarks, then ask again; until then, back up regularly.");
}

}  // namespace kehubu::storage_messages
