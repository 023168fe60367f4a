// aggregate.cpp: what comes of an outer object (items 6 and 7).
#include "com.h"

// Outer is an object that others are aggregated into: it forwards what it lacks.
struct Outer : IUnknown {
    volatile LONG refs = 1;
    int asked = 0; // for what it has not
    IUnknown *inner = nullptr;
    virtual ~Outer() {}
    HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void **out) override
    {
        if (iid == IID_IUnknown) {
            *out = this;
            AddRef();
            return S_OK;
        }
        asked++;
        if (inner && iid != foreignIID)
            return inner->QueryInterface(iid, out);
        *out = nullptr;
        return E_NOINTERFACE;
    }
    ULONG STDMETHODCALLTYPE AddRef() override { return InterlockedIncrement(&refs); }
    ULONG STDMETHODCALLTYPE Release() override { return InterlockedDecrement(&refs); }
};

void aggregatesWrongly()
{
    for (const CLSID *clsid : { &clsidRenderer, &clsidPage }) {
        Outer outer;
        for (const IID *iid : { &IID_IBaseFilter, &IID_IPersist, &IID_IPropertyPage, &foreignIID }) {
            void *out = (void *)1;
            IClassFactory *factory = nullptr;
            dll().getClassObject(*clsid, IID_IClassFactory, (void **)&factory);
            CHECK_HR_OF(factory->CreateInstance(&outer, *iid, &out), E_NOINTERFACE, CLASS_E_NOAGGREGATION);
            CHECK(!out, "nothing is created");
            CHECK_EQ(outer.refs, 1);
            factory->Release();
        }
    }
}

// checkInner checks an object that was aggregated: it has to be whole.
static void checkInner(Outer &outer, IUnknown *inner)
{
    outer.inner = inner;
    IUnknown *self = nullptr;
    CHECK_HR(inner->QueryInterface(IID_IUnknown, (void **)&self), S_OK);
    CHECK(self == inner, "the inner IUnknown answers for itself");
    self->Release();
    CHECK_EQ(outer.refs, 1);
    for (const Known &k : knownInterfaces) {
        IUnknown *face = nullptr, *unknown = nullptr;
        if (*k.iid == IID_IUnknown || inner->QueryInterface(*k.iid, (void **)&face) != S_OK)
            continue;
        CHECK(outer.refs == 2, "a reference on %s counts on the outer object: %ld", k.name, (long)outer.refs);
        face->AddRef();
        CHECK(outer.refs == 3, "%s passes AddRef on: %ld", k.name, (long)outer.refs);
        face->Release();
        CHECK(face->QueryInterface(IID_IUnknown, (void **)&unknown) == S_OK && unknown == &outer, "%s passes QueryInterface on", k.name);
        outer.Release();
        face->Release();
        CHECK(outer.refs == 1, "%s passes Release on: %ld", k.name, (long)outer.refs);
    }
    CHECK_EQ(inner->Release(), 0);
}

void aggregates()
{
    for (const CLSID *clsid : { &clsidRenderer, &clsidPage }) {
        Outer outer;
        IUnknown *inner = (IUnknown *)1;
        HRESULT hr = CoCreateInstance(*clsid, &outer, CLSCTX_INPROC_SERVER, IID_IUnknown, (void **)&inner);
        CHECK(hr == S_OK || hr == CLASS_E_NOAGGREGATION, "CoCreateInstance with an outer object: %s", hrName(hr).c_str());
        if (hr == S_OK)
            checkInner(outer, inner);
        else
            CHECK(!inner, "nothing is created");
        CHECK_EQ(outer.refs, 1);
    }
}
