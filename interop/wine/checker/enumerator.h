// enumerator.h: what IEnumPins and IEnumMediaTypes have in common.
#pragma once
#include "rig.h"

// checkNextWithoutCount: Next(1) without a count, Next(2) without one, no array,
// Next(0). There are two entries at least, or one for `entries` 1.
template <class Enum, class Item> void checkNextWithoutCount(Enum *all, void (*release)(Item *), ULONG entries = 2)
{
    Item *got[4] = {};
    ULONG count = 9;
    all->Reset();
    CHECK_HR(all->Next(1, got, nullptr), S_OK);
    if (got[0])
        release(got[0]);
    all->Reset();
    got[0] = nullptr;
    CHECK_HR_OF(all->Next(2, got, nullptr), E_INVALIDARG, E_POINTER);
    CHECK(!got[0], "nothing was delivered");
    CHECK_SAFE(all->Next(1, nullptr, &count));
    CHECK_SAFE(all->Next(1, nullptr, nullptr));
    all->Reset();
    count = 9;
    HRESULT hr = all->Next(0, got, &count);
    CHECK((hr == S_OK && count == 0) || FAILED(hr), "Next(0): %s, %lu", hrName(hr).c_str(), (unsigned long)count);
    CHECK(all->Next(0, got, nullptr) == S_OK || true, "Next(0) without a count answers");
    Item *whole[16] = {};
    all->Next(16, whole, &count);
    CHECK(count >= entries, "Next(0) moved nothing: %lu are left", (unsigned long)count);
    for (Item *item : whole)
        if (item)
            release(item);
}

// checkSkipResetClone: `entries` is how many there are.
template <class Enum, class Item>
void checkSkipResetClone(Enum *all, ULONG entries, void (*release)(Item *), bool (*equal)(Item *, Item *))
{
    auto next = [&](Enum *from) {
        Item *item = nullptr;
        return from->Next(1, &item, nullptr) == S_OK ? item : (Item *)nullptr;
    };
    auto drop = [&](Item *item) {
        if (item)
            release(item);
    };
    all->Reset();
    CHECK_HR(all->Skip(0), S_OK);
    CHECK_HR(all->Skip(entries), S_OK);
    CHECK(!next(all), "nothing is behind the end");
    CHECK_HR(all->Skip(1), S_FALSE);
    CHECK_HR(all->Reset(), S_OK);
    CHECK_HR(all->Skip(entries + 1), S_FALSE);
    CHECK_HR(all->Reset(), S_OK);
    CHECK_HR(all->Skip(0xffffffff), S_FALSE);
    CHECK_HR(all->Reset(), S_OK);
    Item *first = next(all);
    CHECK(first, "Reset leads back to the first");
    CHECK_HR_OF(all->Clone(nullptr), E_POINTER, E_INVALIDARG);
    Enum *twin = nullptr;
    CHECK_HR(all->Clone(&twin), S_OK);
    if (CHECK(twin, "there is a clone")) {
        Item *second = next(all), *twinSecond = next(twin);
        CHECK(entries < 2 || (second && twinSecond && equal(second, twinSecond)), "the clone has the position");
        CHECK_HR(twin->Reset(), S_OK);
        CHECK(entries != 2 || !next(all), "the clone's Reset does not move the original");
        Item *twinFirst = next(twin);
        CHECK(twinFirst && equal(twinFirst, first), "the clone stands at its own place");
        drop(second);
        drop(twinSecond);
        drop(twinFirst);
        CHECK_EQ(twin->Release(), 0);
    }
    drop(first);
    CHECK_EQ(references(all), 1);
    all->Reset();
}
