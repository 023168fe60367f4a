// filterdata.h: reads the value FilterData that a filter mapper writes.
#pragma once
#include "source.h"

struct FilterData {
    struct TypePair {
        GUID major, sub;
    };
    struct Pin {
        DWORD flags = 0; // REG_PINFLAG_B_…: 8 is an output
        std::vector<TypePair> types;
    };
    DWORD version = 0, merit = 0;
    std::vector<Pin> pins;
};

// readFilterData reads: version, merit, number of pins, 0; for each pin the mark
// "?pi3", flags, instances, number of types, number of mediums, offset of a category;
// for each type "?ty3", 0 and the offsets of two GUIDs; for each medium an offset.
inline bool readFilterData(const Bytes &data, FilterData *out)
{
    size_t at = 0;
    bool whole = true;
    auto number = [&] {
        DWORD value = 0;
        whole = whole && at + 4 <= data.size();
        if (whole)
            memcpy(&value, &data[at], 4);
        at += 4;
        return value;
    };
    auto guid = [&](DWORD offset) {
        GUID value = {};
        whole = whole && offset + sizeof value <= data.size();
        if (whole)
            memcpy(&value, &data[offset], sizeof value);
        return value;
    };
    auto marked = [&](const char *mark) {
        DWORD value = number();
        whole = whole && !memcmp((char *)&value + 1, mark, 3);
    };
    out->version = number();
    out->merit = number();
    DWORD pins = number();
    number();
    for (DWORD i = 0; whole && i < pins; i++) {
        FilterData::Pin pin;
        marked("pi3");
        pin.flags = number();
        number();
        DWORD types = number(), mediums = number();
        number();
        for (DWORD j = 0; whole && j < types; j++) {
            marked("ty3");
            number();
            DWORD major = number(), sub = number();
            pin.types.push_back({ guid(major), guid(sub) });
        }
        at += 4 * mediums;
        out->pins.push_back(pin);
    }
    return whole;
}
