// identity.cpp: QueryInterface on everything that the filter hands out (items 12–14,
// 16 and 17).
#include "com.h"
#include "thread.h"
#include <initguid.h>
#include <RTMPWriterOptions.h>
#include <ocidl.h>

#define KNOWN(x) { #x, &IID_##x }
const std::vector<Known> knownInterfaces = {
    KNOWN(IUnknown), KNOWN(IPersist), KNOWN(IMediaFilter), KNOWN(IBaseFilter), KNOWN(IFileSinkFilter), KNOWN(IFileSinkFilter2), KNOWN(IAMFilterMiscFlags),
    KNOWN(ISpecifyPropertyPages), KNOWN(IPersistStream), KNOWN(IPersistStreamInit), KNOWN(IPersistPropertyBag), KNOWN(IMediaSeeking), KNOWN(IMediaPosition),
    KNOWN(IQualityControl), KNOWN(ISupportErrorInfo), KNOWN(IDispatch), KNOWN(ICodecAPI), KNOWN(IRTMPOptions), KNOWN(IRTMPStatusNotify), KNOWN(IRTMPMetadataSink),
    KNOWN(IPin), KNOWN(IMemInputPin), KNOWN(IEnumPins), KNOWN(IEnumMediaTypes), KNOWN(IClassFactory), KNOWN(IClassFactory2), KNOWN(IPropertyPage), KNOWN(IPropertyPage2),
    KNOWN(IMemAllocator), KNOWN(IReferenceClock),
};

Objects::Objects()
{
    filter = newFilter();
    IPin *video = pinAt(filter, 0), *audio = pinAt(filter, 1);
    IEnumPins *pins = nullptr;
    IEnumMediaTypes *types = nullptr;
    IClassFactory *factory = nullptr;
    IPropertyPage *page = nullptr;
    filter->EnumPins(&pins);
    if (video)
        video->EnumMediaTypes(&types);
    CoGetClassObject(clsidRenderer, CLSCTX_INPROC_SERVER, nullptr, IID_IClassFactory, (void **)&factory);
    CoCreateInstance(clsidPage, nullptr, CLSCTX_INPROC_SERVER, IID_IPropertyPage, (void **)&page);
    all = { { "filter", filter }, { "video pin", video }, { "audio pin", audio }, { "pin enumerator", pins }, { "type enumerator", types }, { "factory", factory }, { "page", page } };
    for (size_t i = 0; i < all.size();)
        if (QUIET(all[i].object, "there is a %s", all[i].name))
            i++;
        else
            all.erase(all.begin() + i);
}

void Objects::release()
{
    while (!all.empty()) {
        all.back().object->Release();
        all.pop_back();
    }
}

IUnknown *Objects::named(const char *name) const
{
    for (const One &o : all)
        if (!strcmp(o.name, name))
            return o.object;
    return nullptr;
}

static void checkPair(const char *object, IUnknown *first, IUnknown *unknown, const Known &a, const Known &b)
{
    IUnknown *from = nullptr, *to = nullptr, *back = nullptr, *its = nullptr;
    first->QueryInterface(*a.iid, (void **)&from);
    HRESULT hr = from->QueryInterface(*b.iid, (void **)&to);
    if (QUIET(hr == S_OK && to, "%s: %s from %s: %s", object, b.name, a.name, hrName(hr).c_str())) {
        hr = to->QueryInterface(*a.iid, (void **)&back);
        if (QUIET(hr == S_OK && back, "%s: back to %s from %s: %s", object, a.name, b.name, hrName(hr).c_str()))
            back->Release();
        hr = to->QueryInterface(IID_IUnknown, (void **)&its);
        QUIET(hr == S_OK && its == unknown, "%s: one IUnknown, also from %s by way of %s", object, b.name, a.name);
        if (its)
            its->Release();
        to->Release();
    }
    from->Release();
}

void equivalence()
{
    Objects objects;
    for (auto &o : objects.all) {
        ULONG before = references(o.object);
        IUnknown *unknown = nullptr;
        CHECK(o.object->QueryInterface(IID_IUnknown, (void **)&unknown) == S_OK, "%s has IUnknown", o.name);
        std::vector<Known> has;
        std::string names;
        for (const Known &k : knownInterfaces) {
            IUnknown *face = nullptr;
            if (o.object->QueryInterface(*k.iid, (void **)&face) != S_OK)
                continue;
            face->Release();
            has.push_back(k);
            names += std::string(" ") + k.name;
        }
        for (const Known &a : has)
            for (const Known &b : has)
                checkPair(o.name, o.object, unknown, a, b);
        unknown->Release();
        CHECK(references(o.object) == before, "%s has its references back, after pairs of%s", o.name, names.c_str());
    }
}

// unknownOf is an object's identity; not to be released.
static IUnknown *unknownOf(IUnknown *object)
{
    IUnknown *unknown = nullptr;
    object->QueryInterface(IID_IUnknown, (void **)&unknown);
    if (unknown)
        unknown->Release();
    return unknown;
}

static bool lacks(IUnknown *object, const IID &iid)
{
    IUnknown *out = (IUnknown *)1;
    return object->QueryInterface(iid, (void **)&out) == E_NOINTERFACE && !out;
}

void pinsAreObjects()
{
    Objects o;
    IUnknown *filter = o.named("filter"), *video = o.named("video pin"), *audio = o.named("audio pin");
    CHECK(unknownOf(filter) != unknownOf(video), "filter and video pin are two objects");
    CHECK(unknownOf(filter) != unknownOf(audio), "filter and audio pin are two objects");
    CHECK(unknownOf(video) != unknownOf(audio), "the pins are two objects");
    for (IUnknown *pin : { video, audio }) {
        CHECK(lacks(pin, IID_IBaseFilter), "no IBaseFilter from a pin");
        CHECK(lacks(pin, IID_IMediaFilter), "no IMediaFilter from a pin");
        CHECK(lacks(pin, IID_IPersist), "no IPersist from a pin");
        CHECK(lacks(pin, IID_IFileSinkFilter), "no IFileSinkFilter from a pin");
    }
    CHECK(lacks(filter, IID_IPin), "no IPin from the filter");
    CHECK(lacks(filter, IID_IMemInputPin), "no IMemInputPin from the filter");
}

void pinInterfaces()
{
    Objects o;
    for (const char *name : { "video pin", "audio pin" }) {
        IUnknown *pin = o.named(name);
        auto mem = query<IMemInputPin>(pin);
        if (!CHECK(mem, "the %s has IMemInputPin", name))
            continue;
        auto back = query<IPin>(mem);
        CHECK(back == pin, "the %s's IMemInputPin leads back to its IPin", name);
        if (back)
            back->Release();
        mem->Release();
    }
}

void nullOutPointers()
{
    Objects objects;
    for (auto &o : objects.all) {
        ULONG before = references(o.object);
        for (const IID *iid : { &IID_IUnknown, &IID_IBaseFilter, &IID_IPin, &foreignIID }) {
            HRESULT hr = o.object->QueryInterface(*iid, nullptr);
            CHECK(hr == E_POINTER || hr == E_INVALIDARG, "QueryInterface(…, NULL) on the %s: %s", o.name, hrName(hr).c_str());
        }
        CHECK_EQ(references(o.object), before);
    }
    // The same by way of the other interfaces: each has a table of its own.
    for (auto &o : objects.all)
        for (const Known &k : knownInterfaces) {
            IUnknown *face = nullptr;
            if (o.object->QueryInterface(*k.iid, (void **)&face) != S_OK)
                continue;
            HRESULT hr = face->QueryInterface(IID_IUnknown, nullptr);
            QUIET(hr == E_POINTER || hr == E_INVALIDARG, "QueryInterface(…, NULL) on the %s's %s: %s", o.name, k.name, hrName(hr).c_str());
            face->Release();
        }
}

// hammer asks for interfaces of objects in a pseudo-random order.
static void hammer(Objects &objects, unsigned seed, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        seed = seed * 1103515245 + 12345;
        auto &o = objects.all[(seed >> 16) % objects.all.size()];
        const Known &k = knownInterfaces[(seed >> 8) % knownInterfaces.size()];
        IUnknown *face = nullptr;
        o.object->AddRef();
        if (o.object->QueryInterface(*k.iid, (void **)&face) == S_OK) {
            face->AddRef();
            face->Release();
            face->Release();
        }
        o.object->Release();
    }
}

void manyThreads()
{
    Objects objects;
    std::vector<ULONG> before;
    for (auto &o : objects.all)
        before.push_back(references(o.object));
    {
        Threads all;
        for (unsigned seed = 1; seed <= 8; seed++)
            all.start([&objects, seed] { hammer(objects, seed * 7919, 20000); });
    }
    {
        Threads all;
        for (unsigned seed = 1; seed <= 4; seed++)
            all.start([seed] {
                for (int i = 0; i < 25; i++) {
                    Objects own;
                    hammer(own, seed + i, 50);
                }
            });
    }
    for (size_t i = 0; i < objects.all.size(); i++)
        CHECK(references(objects.all[i].object) == before[i], "%s has its references back after 8 threads", objects.all[i].name);
    IBaseFilter *filter = objects.filter;
    filter->AddRef();
    objects.release();
    CHECK_EQ(filter->Release(), 0);
}
