// persist: the settings in a stream (221 to 225), a property bag (226), the file
// of a graph (227). The URL is that of a server that takes everything.
#include "settings.cpp"

static std::wstring inPascal(const std::wstring &name)
{
    std::wstring out;
    bool first = true;
    for (WCHAR c : name) {
        if (c != '-')
            out += first ? WCHAR(towupper(c)) : c;
        first = c == '-';
    }
    return out;
}

// isSet tells whether the texts are those of `settings`, all of them.
static void isSet(const Texts &texts)
{
    CHECK(texts.size() == std::size(settings), "%u options are saved; this program has a value for each", unsigned(texts.size()));
    for (const Setting &s : settings) {
        auto found = texts.find(inPascal(s.name));
        bool same = found != texts.end() && found->second == s.value;
        QUIET(same, "%s is \"%s\", not \"%s\"", narrow(s.name).c_str(), found == texts.end() ? "" : narrow(found->second.c_str()).c_str(), narrow(s.value).c_str());
    }
}

// keyIsWhole publishes with the key that was loaded: the server sees what it is.
static void keyIsWhole(MemoryStream &saved)
{
    Stream publisher("");
    auto stream = query<IPersistStream>(publisher.rig.filter);
    saved.at = 0;
    CHECK_HR(stream->Load(&saved), S_OK);
    stream->Release();
    const std::wstring url = wide(checkURL()) + L"live";
    const Setting possible[] = { { L"url-delimiter", L"+" }, { L"url", url.c_str() }, { L"auth", L"off" }, { L"connect-timeout", L"10000" },
        { L"receive-timeout", L"5000" }, { L"proxy", L"direct" }, { L"handshake", L"auto" }, { L"tls-ca-file", L"" }, { L"tls-cert-file", L"" }, { L"tls-key-file", L"" },
        { L"backup-urls", L"" }, { L"log-file", L"" } };
    for (const Setting &s : possible)
        publisher.set(s.name, s.value);
    publisher.run();
    LPWSTR why = nullptr;
    bool connected = publisher.connected();
    publisher.options->GetLastErrorText(&why);
    CHECK(connected, "the key that was loaded publishes: %s", narrow(why).c_str());
    CoTaskMemFree(why);
}

static void streamRoundTrip()
{
    Filter one, two;
    Texts fresh = two.everything();
    one.setAll();
    isSet(one.everything());
    Bytes data = one.saved();
    CHECK_HR(two.load(data), S_OK);
    isSet(two.everything());

    Filter none;
    CHECK_HR(two.load(none.saved()), S_OK);
    Texts emptied = two.everything();
    emptied[L"Url"] = L""; // stays: a graph sets it by itself
    CHECK(emptied == fresh, "the settings of a new filter bring all back to the defaults");
    CHECK(none.saved().size() < 64, "the settings of a new filter are %u bytes", unsigned(none.saved().size()));

    // Reads and writes that do a byte at a time; the stream ends where its data does.
    MemoryStream drop;
    drop.most = 1;
    CHECK_HR(one.stream->Save(&drop, FALSE), S_OK);
    size_t end = drop.data.size();
    drop.data.insert(drop.data.end(), 100, 'x');
    CHECK_HR(two.stream->Load(&drop), S_OK);
    CHECK_EQ(drop.at, end);
    isSet(two.everything());

    keyIsWhole(drop);
}

static void noSecrets()
{
    Filter f;
    f.setAll();
    Bytes data = f.saved();
    for (const char *secret : secrets)
        CHECK(!holds(data, secret), "%s is not in the stream", secret);
    const std::string text(data.begin(), data.end());
    CHECK(text.compare(0, 4, "nRTW") == 0 && text.compare(8, 13, "RTMPWriter 1\n") == 0, "mark, length, version");
    CHECK(text.find("\nchunk-size=4096\n") != std::string::npos, "a person can read what is no secret");
    CHECK(text.find("\npassword=protected:") != std::string::npos, "and that a secret is there");
    Bag bag;
    CHECK_HR(f.bag->Save(&bag, FALSE, TRUE), S_OK);
    for (auto &t : bag.texts())
        for (const char *secret : secrets)
            QUIET(!holds(Bytes((BYTE *)t.second.data(), (BYTE *)(t.second.data() + t.second.size())), secret), "%s in the bag's %s", secret, narrow(t.first.c_str()).c_str());
    const Bytes sample = { 'p', 'a', '5', '5', 'w', 'o', 'r', 'd' }, encoded = { 'x', 'h', 'N', 'T', 'V', '3', 'b', '3', 'J', 'k' };
    CHECK(holds(sample, "pa55word") && holds(encoded, "pa55word"), "the search finds what is there");
}

static void dirty()
{
    Filter f;
    MemoryStream s;
    Bag bag;
    CHECK_HR(f.stream->IsDirty(), S_FALSE);
    f.set(L"chunk-size", L"4096");
    CHECK_HR(f.stream->IsDirty(), S_OK);
    CHECK_HR(f.stream->Save(&s, FALSE), S_OK);
    CHECK_HR(f.stream->IsDirty(), S_OK);
    CHECK_HR(f.stream->Save(&s, TRUE), S_OK);
    CHECK_HR(f.stream->IsDirty(), S_FALSE);
    f.options->SetTcpNoDelay(TRUE);
    CHECK_HR(f.stream->IsDirty(), S_OK);
    s.failure = STG_E_MEDIUMFULL;
    CHECK_HR(f.stream->Save(&s, TRUE), STG_E_MEDIUMFULL);
    CHECK_HR(f.stream->IsDirty(), S_OK);
    s.failure = S_OK;
    CHECK_HR(f.stream->Load(&s), S_OK);
    CHECK_HR(f.stream->IsDirty(), S_FALSE);
    setURL(f.filter, "rtmp://127.0.0.1/live+key");
    CHECK_HR(f.stream->IsDirty(), S_OK);
    CHECK_HR(f.bag->Save(&bag, TRUE, FALSE), S_OK);
    CHECK_HR(f.stream->IsDirty(), S_FALSE);
}

static void sizeAndPointers()
{
    Filter f;
    ULARGE_INTEGER size;
    CLSID id;
    f.setAll();
    CHECK_HR(f.stream->GetSizeMax(&size), S_OK);
    CHECK_BETWEEN(size.QuadPart, f.saved().size(), f.saved().size() + 8192);
    CHECK(f.stream->GetClassID(&id) == S_OK && id == clsidRenderer, "IPersistStream::GetClassID");
    CHECK(f.bag->GetClassID(&id) == S_OK && id == clsidRenderer, "IPersistPropertyBag::GetClassID");
    CHECK_SAFE(f.stream->GetClassID(nullptr));
    CHECK_SAFE(f.stream->GetSizeMax(nullptr));
    CHECK_SAFE(f.stream->Load(nullptr));
    CHECK_SAFE(f.stream->Save(nullptr, TRUE));
    CHECK_SAFE(f.bag->GetClassID(nullptr));
    CHECK_SAFE(f.bag->Load(nullptr, nullptr));
    CHECK_SAFE(f.bag->Save(nullptr, TRUE, TRUE));
    auto persist = query<IPersist>(f.filter);
    CHECK(persist && persist->GetClassID(&id) == S_OK && id == clsidRenderer, "IPersist::GetClassID");
    persist->Release();
}

// framed is data with the mark and a length before it.
static Bytes framed(const std::string &data, DWORD length)
{
    Bytes all = { 'n', 'R', 'T', 'W', BYTE(length), BYTE(length >> 8), BYTE(length >> 16), BYTE(length >> 24) };
    all.insert(all.end(), data.begin(), data.end());
    return all;
}

static void hostileStreams()
{
    Filter f;
    f.setAll();
    const std::string good = "RTMPWriter 1\nchunk-size=256\n";
    const DWORD n = DWORD(good.size());
    CHECK(FAILED(f.load({})), "an empty stream");
    CHECK(FAILED(f.load({ 'n', 'R', 'T', 'W', 1 })), "half a header");
    CHECK(FAILED(f.load(framed(good, 0x7fffffff))), "2 GB");
    CHECK(FAILED(f.load(framed(good, 0xffffffff))), "4 GB");
    CHECK(FAILED(f.load(framed(good, n + 1))), "one byte less than it says");
    CHECK(FAILED(f.load(framed("", 0))), "no data");
    CHECK(FAILED(f.load(framed(std::string(n, '\xff'), n))), "no text");
    CHECK(FAILED(f.load(framed("RTMPWriter 2\n" + good, n + 13))), "another version");
    CHECK(FAILED(f.load(framed("FLMWriter 1\n" + good, n + 12))), "another's");
    Bytes other = framed(good, n);
    other[0] = 'N';
    CHECK(FAILED(f.load(other)), "another mark");
    MemoryStream s;
    s.data = framed(good, n);
    s.lies = true;
    CHECK(FAILED(f.stream->Load(&s)), "a stream that tells of more than it was asked for");
    s.lies = false;
    s.failure = STG_E_ACCESSDENIED;
    CHECK_HR(f.stream->Load(&s), STG_E_ACCESSDENIED);
    CHECK_HR(f.stream->Save(&s, TRUE), STG_E_ACCESSDENIED);
    isSet(f.everything()); // nothing of all that has changed anything

    const std::string mixed = good + "no line\nlater-option=1\ntrace=99\npassword=protected:AAAA\nusername=%zz\n\n";
    CHECK_HR(f.load(framed(mixed, DWORD(mixed.size()))), S_OK);
    CHECK(f.get(L"chunk-size") == L"256" && f.get(L"trace") == L"0" && f.get(L"password").empty(), "what is wrong is left out, the rest taken");
}

static void bagRoundTrip()
{
    Filter one, two;
    Bag bag, changed;
    CHECK_HR(one.bag->InitNew(), S_OK);
    one.setAll();
    CHECK_HR(one.bag->Save(&bag, TRUE, TRUE), S_OK);
    CHECK_HR(two.bag->Load(&bag, nullptr), S_OK);
    isSet(two.everything());
    CHECK_HR(two.bag->InitNew(), S_OK);
    CHECK(two.get(L"chunk-size") == L"65536" && two.get(L"url").empty(), "InitNew brings back the defaults");

    two.set(L"chunk-size", L"4096");
    CHECK_HR(two.bag->Save(&changed, FALSE, FALSE), S_OK);
    CHECK(changed.values.size() == 1 && changed.texts()[L"ChunkSize"] == L"4096", "only what is not as in a new filter");

    Bag written; // by hand
    written.put(L"ChunkSize", VT_I4, 8192);
    written.put(L"TcpNoDelay", VT_BOOL, VARIANT_TRUE);
    written.put(L"LiveMode", VT_I4, 1);
    written.put(L"AllowBFrames", VT_BOOL, VARIANT_FALSE);
    written.put(L"PublishMode", VT_I4, 2);
    written.put(L"TlsMinVersion", L"1.3");
    written.put(L"Password", L"pa55word");
    written.put(L"Trace", VT_EMPTY, 0);
    written.put(L"SendTimeout", L"nonsense");
    CHECK_HR(two.bag->Load(&written, nullptr), S_OK);
    for (const Setting &s : { Setting{ L"chunk-size", L"8192" }, { L"tcp-no-delay", L"on" }, { L"live-mode", L"on" }, { L"allow-b-frames", L"off" },
             { L"publish-mode", L"append" }, { L"tls-min-version", L"1.3" }, { L"password", L"****" }, { L"send-timeout", L"2000" } })
        CHECK(two.get(s.name) == s.value, "%s is %s", narrow(s.name).c_str(), narrow(s.value).c_str());
    written.put(L"Trace", VT_UNKNOWN, 0);
    written.put(L"ChunkSize", L"256");
    CHECK_HR(two.bag->Load(&written, nullptr), DISP_E_TYPEMISMATCH);
    CHECK(two.get(L"chunk-size") == L"8192", "nothing was taken of it");
}

// inDocument runs save on a new stream named as graphs name theirs in a document,
// and load on what is in it.
static void inDocument(const std::function<void(IStream *)> &save, const std::function<void(IStream *)> &load)
{
    const WCHAR *const streamName = L"ActiveMovieGraph";
    const DWORD alone = STGM_READWRITE | STGM_SHARE_EXCLUSIVE;
    WCHAR folder[MAX_PATH], path[MAX_PATH];
    GetTempPathW(MAX_PATH, folder);
    GetTempFileNameW(folder, L"grf", 0, path);
    IStorage *storage = nullptr;
    IStream *stream = nullptr;
    CHECK_HR(StgCreateDocfile(path, STGM_CREATE | STGM_TRANSACTED | alone, 0, &storage), S_OK);
    CHECK_HR(storage->CreateStream(streamName, STGM_CREATE | STGM_WRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &stream), S_OK);
    save(stream);
    stream->Release();
    storage->Commit(STGC_DEFAULT);
    storage->Release();
    CHECK_HR(StgOpenStorage(path, nullptr, STGM_TRANSACTED | STGM_READ | STGM_SHARE_DENY_WRITE, nullptr, 0, &storage), S_OK);
    CHECK_HR(storage->OpenStream(streamName, nullptr, STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream), S_OK);
    load(stream);
    stream->Release();
    storage->Release();
    DeleteFileW(path);
}

static void filterInDocument()
{
    inDocument(
        [](IStream *s) {
            Filter f;
            f.setAll();
            CHECK_HR(OleSaveToStream(f.stream, s), S_OK);
        },
        [](IStream *s) {
            IPersistStream *loaded = nullptr;
            CHECK_HR(OleLoadFromStream(s, IID_IPersistStream, (void **)&loaded), S_OK);
            Bag bag;
            auto persist = query<IPersistPropertyBag>(loaded);
            CHECK_HR(persist->Save(&bag, FALSE, TRUE), S_OK);
            Texts texts = bag.texts();
            for (auto &t : texts)
                t.second = shown(t.second);
            isSet(texts);
            persist->Release();
            CHECK_EQ(loaded->Release(), 0);
        });
}

// graphInDocument lets the graph itself save, where it can.
static void graphInDocument()
{
    filterInDocument();
    IFilterGraph *graph = nullptr, *again = nullptr;
    const CLSID clsidGraph = { 0xe436ebb3, 0x524f, 0x11ce, { 0x9f, 0x53, 0x00, 0x20, 0xaf, 0x0b, 0xa7, 0x70 } };
    CHECK_HR(CoCreateInstance(clsidGraph, nullptr, CLSCTX_INPROC_SERVER, IID_IFilterGraph, (void **)&graph), S_OK);
    auto saves = query<IPersistStream>(graph);
    if (!saves) {
        say("   this filter graph can't save itself (no IPersistStream): the filter was saved as it saves each");
        graph->Release();
        return;
    }
    Filter f;
    f.setAll();
    CHECK_HR(graph->AddFilter(f.filter, L"writer"), S_OK);
    CHECK_HR(CoCreateInstance(clsidGraph, nullptr, CLSCTX_INPROC_SERVER, IID_IFilterGraph, (void **)&again), S_OK);
    auto loads = query<IPersistStream>(again);
    inDocument([&](IStream *s) { CHECK_HR(saves->Save(s, TRUE), S_OK); }, [&](IStream *s) { CHECK_HR(loads->Load(s), S_OK); });
    IBaseFilter *loaded = nullptr;
    CHECK_HR(again->FindFilterByName(L"writer", &loaded), S_OK);
    auto options = query<IPersistPropertyBag>(loaded);
    Bag bag;
    CHECK_HR(options->Save(&bag, FALSE, TRUE), S_OK);
    CHECK(bag.texts()[L"ChunkSize"] == L"4096" && shown(bag.texts()[L"Password"]) == L"pa55word = %", "the graph's filter has its settings");
    options->Release(), loaded->Release(), loads->Release(), again->Release(), saves->Release(), graph->Release();
}

int main(int argc, char **argv)
{
    static const Section all[] = {
        { 221, "settings in a stream", streamRoundTrip },
        { 222, "no secret is saved in clear", noSecrets },
        { 223, "IsDirty", dirty },
        { 224, "size, class and wrong pointers", sizeAndPointers },
        { 225, "streams that are wrong", hostileStreams },
        { 226, "settings in a property bag", bagRoundTrip },
        { 227, "settings in the file of a graph", graphInDocument },
    };
    return runSections("persist", all, std::size(all), argc, argv);
}
