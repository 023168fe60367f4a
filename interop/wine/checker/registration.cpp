// registration.cpp: what stands in the registry and what the filter mapper finds
// (items 120–123).
#include "com.h"
#include "filterdata.h"

std::wstring guidText(const GUID &id)
{
    WCHAR text[40];
    StringFromGUID2(id, text, 40);
    return text;
}

std::wstring registryText(const std::wstring &key, const WCHAR *value)
{
    WCHAR text[1024] = L"";
    DWORD size = sizeof text, kind = 0;
    HKEY open = nullptr;
    if (RegOpenKeyExW(HKEY_CLASSES_ROOT, key.c_str(), 0, KEY_READ, &open) != ERROR_SUCCESS)
        return L"";
    bool read = RegQueryValueExW(open, value, nullptr, &kind, (BYTE *)text, &size) == ERROR_SUCCESS && kind == REG_SZ;
    RegCloseKey(open);
    return read ? text : L"";
}

bool registryHas(const std::wstring &key)
{
    HKEY open = nullptr;
    if (RegOpenKeyExW(HKEY_CLASSES_ROOT, key.c_str(), 0, KEY_READ, &open) != ERROR_SUCCESS)
        return false;
    RegCloseKey(open);
    return true;
}

static const std::wstring classKey(const CLSID &clsid) { return L"CLSID\\" + guidText(clsid); }

// instances lists the keys below the filter category that stand for the filter.
static std::vector<std::wstring> instances()
{
    std::vector<std::wstring> found;
    std::wstring category = classKey(CLSID_LegacyAmFilterCategory) + L"\\Instance";
    HKEY open = nullptr;
    if (RegOpenKeyExW(HKEY_CLASSES_ROOT, category.c_str(), 0, KEY_READ, &open) != ERROR_SUCCESS)
        return found;
    WCHAR name[256];
    DWORD length = 256;
    for (DWORD i = 0; RegEnumKeyExW(open, i, name, &length, nullptr, nullptr, nullptr, nullptr) == ERROR_SUCCESS; i++, length = 256) {
        std::wstring key = category + L"\\" + name;
        if (!lstrcmpiW(registryText(key, L"CLSID").c_str(), guidText(clsidRenderer).c_str()))
            found.push_back(key);
    }
    RegCloseKey(open);
    return found;
}

static void checkClass(const char *what, const CLSID &clsid)
{
    std::wstring key = classKey(clsid);
    CHECK(!registryText(key, nullptr).empty(), "the %s has a name: %s", what, narrow(registryText(key, nullptr).c_str()).c_str());
    std::wstring server = registryText(key + L"\\InprocServer32", nullptr);
    CHECK(!lstrcmpiW(server.c_str(), dll().path.c_str()), "the %s's InprocServer32 is the path as loaded: %s, %s", what, narrow(server.c_str()).c_str(), narrow(dll().path.c_str()).c_str());
    std::wstring model = registryText(key + L"\\InprocServer32", L"ThreadingModel");
    CHECK(model == L"Both", "the %s's ThreadingModel: %s", what, narrow(model.c_str()).c_str());
}

static void checkRegistered()
{
    checkClass("filter", clsidRenderer);
    checkClass("page", clsidPage);
    CHECK_EQ(instances().size(), 1);
}

void registered()
{
    CHECK_HR(dll().registerServer(), S_OK);
    checkRegistered();
    CHECK_HR(dll().registerServer(), S_OK);
    checkRegistered();
}

static Bytes filterDataBytes(const std::wstring &key)
{
    HKEY open = nullptr;
    Bytes data(65536);
    DWORD size = DWORD(data.size()), kind = 0;
    if (RegOpenKeyExW(HKEY_CLASSES_ROOT, key.c_str(), 0, KEY_READ, &open) != ERROR_SUCCESS)
        return Bytes();
    bool read = RegQueryValueExW(open, L"FilterData", nullptr, &kind, data.data(), &size) == ERROR_SUCCESS && kind == REG_BINARY;
    RegCloseKey(open);
    data.resize(read ? size : 0);
    return data;
}

static void checkPin(const FilterData::Pin &pin, const char *what, const GUID &major, std::initializer_list<GUID> subtypes)
{
    CHECK(!(pin.flags & 8), "the %s pin is an input: flags %lx", what, (unsigned long)pin.flags);
    for (auto &type : pin.types)
        CHECK(type.major == major, "the %s pin's types are %s", what, what);
    for (const GUID &subtype : subtypes) {
        bool found = false;
        for (auto &type : pin.types)
            found = found || type.sub == subtype;
        CHECK(found, "the %s pin lists %s", what, narrow(guidText(subtype).c_str()).c_str());
    }
}

void inCategory()
{
    auto all = instances();
    if (!CHECK(all.size() == 1, "the filter is in the category"))
        return;
    std::wstring name = registryText(all[0], L"FriendlyName");
    CHECK(!name.empty(), "a friendly name: %s", narrow(name.c_str()).c_str());
    FilterData data;
    if (!CHECK(readFilterData(filterDataBytes(all[0]), &data), "FilterData can be read"))
        return;
    CHECK_EQ(data.version, 2);
    CHECK(data.merit <= MERIT_UNLIKELY, "merit %lx is MERIT_UNLIKELY at most", (unsigned long)data.merit);
    if (!CHECK(data.pins.size() == 2, "FilterData has two pins"))
        return;
    checkPin(data.pins[0], "video", MEDIATYPE_Video, { subtypeH264, subtypeh264 });
    checkPin(data.pins[1], "audio", MEDIATYPE_Audio, { subtypeAAC });
}

// isOurs tells whether a moniker stands for the filter, and binds it.
static bool isOurs(IMoniker *moniker)
{
    IPropertyBag *bag = nullptr;
    VARIANT clsid;
    VariantInit(&clsid);
    if (FAILED(moniker->BindToStorage(nullptr, nullptr, IID_IPropertyBag, (void **)&bag)))
        return false;
    bool ours = bag->Read(L"CLSID", &clsid, nullptr) == S_OK && clsid.vt == VT_BSTR && !lstrcmpiW(clsid.bstrVal, guidText(clsidRenderer).c_str());
    VariantClear(&clsid);
    bag->Release();
    return ours;
}

static int countOurs(IEnumMoniker *all, bool bind)
{
    int found = 0;
    IMoniker *moniker = nullptr;
    while (all->Next(1, &moniker, nullptr) == S_OK) {
        if (isOurs(moniker)) {
            found++;
            IBaseFilter *filter = nullptr;
            if (bind && CHECK(moniker->BindToObject(nullptr, nullptr, IID_IBaseFilter, (void **)&filter) == S_OK, "the moniker makes the filter"))
                CHECK_EQ(filter->Release(), 0);
        }
        moniker->Release();
    }
    all->Release();
    return found;
}

// matches counts the filter among those that the mapper names for an input type.
static int matches(const GUID &major, const GUID &subtype, DWORD merit, bool bind)
{
    IFilterMapper2 *mapper = nullptr;
    IEnumMoniker *all = nullptr;
    if (!QUIET(CoCreateInstance(CLSID_FilterMapper2, nullptr, CLSCTX_INPROC_SERVER, IID_IFilterMapper2, (void **)&mapper) == S_OK, "a filter mapper"))
        return 0;
    GUID types[] = { major, subtype };
    HRESULT hr = mapper->EnumMatchingFilters(&all, 0, FALSE, merit, TRUE, 1, types, nullptr, nullptr, FALSE, FALSE, 0, nullptr, nullptr, nullptr);
    mapper->Release();
    return hr == S_OK ? countOurs(all, bind) : 0;
}

static int enumerated()
{
    ICreateDevEnum *devices = nullptr;
    IEnumMoniker *all = nullptr;
    if (!QUIET(CoCreateInstance(CLSID_SystemDeviceEnum, nullptr, CLSCTX_INPROC_SERVER, IID_ICreateDevEnum, (void **)&devices) == S_OK, "a device enumerator"))
        return 0;
    HRESULT hr = devices->CreateClassEnumerator(CLSID_LegacyAmFilterCategory, &all, 0);
    devices->Release();
    return hr == S_OK ? countOurs(all, true) : 0;
}

void matching()
{
    CHECK_EQ(matches(MEDIATYPE_Video, subtypeH264, 0, true), 1);
    CHECK_EQ(matches(MEDIATYPE_Video, subtypeh264, 0, false), 1);
    CHECK_EQ(matches(MEDIATYPE_Audio, subtypeAAC, 0, false), 1);
    CHECK_EQ(matches(MEDIATYPE_Video, MEDIASUBTYPE_RGB24, 0, false), 0);
    CHECK(matches(MEDIATYPE_Video, subtypeH264, MERIT_NORMAL, false) == 0, "no graph takes the filter by itself");
    CHECK_EQ(enumerated(), 1);
}

void unregisters()
{
    CHECK_HR(dll().unregisterServer(), S_OK);
    CHECK(!registryHas(classKey(clsidRenderer)), "the filter's class is gone");
    CHECK(!registryHas(classKey(clsidPage)), "the page's class is gone");
    CHECK_EQ(instances().size(), 0);
    CHECK_EQ(matches(MEDIATYPE_Video, subtypeH264, 0, false), 0);
    IUnknown *made = nullptr;
    CHECK_HR(CoCreateInstance(clsidRenderer, nullptr, CLSCTX_INPROC_SERVER, IID_IUnknown, (void **)&made), REGDB_E_CLASSNOTREG);
    HRESULT again = dll().unregisterServer();
    CHECK(true, "a second DllUnregisterServer does no harm: %s", hrName(again).c_str());
    CHECK(!registryHas(classKey(clsidRenderer)), "still gone");
    CHECK_HR(dll().registerServer(), S_OK);
    checkRegistered();
    CHECK_EQ(matches(MEDIATYPE_Video, subtypeH264, 0, true), 1);
}
