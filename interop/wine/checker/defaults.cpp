// defaults: what the registry gives to new filters (228), and the log that it asks
// for (229). It changes the registry of its user and machine, and brings it back.
// The URL is that of a server that takes everything; log=FILE is where to log.
#include "settings.cpp"

const WCHAR optionsKey[] = L"Software\\RTMPWriter", logKey[] = L"Software\\DebugNano\\nRtmpRenderer.ax";

static void write(HKEY root, const WCHAR *key, const WCHAR *name, const std::wstring &text, DWORD type = REG_SZ)
{
    LSTATUS e = RegSetKeyValueW(root, key, name, type, text.c_str(), DWORD((text.size() + 1) * sizeof(WCHAR)));
    QUIET(e == 0, "RegSetKeyValue(%s) = %ld", narrow(name).c_str(), long(e));
}

static void write(HKEY root, const WCHAR *key, const WCHAR *name, DWORD number)
{
    LSTATUS e = RegSetKeyValueW(root, key, name, REG_DWORD, &number, sizeof number);
    QUIET(e == 0, "RegSetKeyValue(%s) = %ld", narrow(name).c_str(), long(e));
}

static void clean()
{
    RegDeleteTreeW(HKEY_LOCAL_MACHINE, optionsKey);
    RegDeleteTreeW(HKEY_CURRENT_USER, optionsKey);
    RegDeleteTreeW(HKEY_CURRENT_USER, L"Software\\DebugNano");
}

static void is(Filter &f, const WCHAR *name, const WCHAR *want)
{
    std::wstring got = f.get(name);
    CHECK(got == want, "%s is %s: %s", narrow(name).c_str(), narrow(want).c_str(), narrow(got.c_str()).c_str());
}

static void registry()
{
    clean();
    {
        Filter f;
        is(f, L"chunk-size", L"65536");
    }
    write(HKEY_LOCAL_MACHINE, optionsKey, L"chunkSize", 4096);
    write(HKEY_LOCAL_MACHINE, optionsKey, L"sendTimeout", L"3000");
    write(HKEY_LOCAL_MACHINE, optionsKey, L"tcpNoDelay", 1);
    write(HKEY_LOCAL_MACHINE, optionsKey, L"publishMode", 2);
    write(HKEY_LOCAL_MACHINE, optionsKey, L"tlsMinVersion", 1);
    write(HKEY_LOCAL_MACHINE, optionsKey, L"trace", 5);
    write(HKEY_LOCAL_MACHINE, optionsKey, L"streamKey", L"s3cret-key");
    write(HKEY_LOCAL_MACHINE, optionsKey, L"tlsCaFile", L"%SystemRoot%\\ca.pem", REG_EXPAND_SZ);
    write(HKEY_CURRENT_USER, optionsKey, L"ChunkSize", L"8192");
    write(HKEY_CURRENT_USER, optionsKey, L"handshake", L"digest");
    write(HKEY_CURRENT_USER, optionsKey, L"receiveTimeout", 0); // out of range: left out
    write(HKEY_CURRENT_USER, optionsKey, L"nonsense", L"1");
    write(HKEY_CURRENT_USER, optionsKey, L"liveMode", L"1", REG_BINARY);
    {
        Filter f;
        is(f, L"chunk-size", L"8192"); // the user's before the machine's
        is(f, L"send-timeout", L"3000");
        is(f, L"tcp-no-delay", L"on");
        is(f, L"publish-mode", L"append");
        is(f, L"tls-min-version", L"1.3");
        is(f, L"handshake", L"digest");
        is(f, L"receive-timeout", L"1000");
        is(f, L"live-mode", L"off");
        is(f, L"trace", L"5");
        is(f, L"stream-key", L"****");
        CHECK(f.get(L"tls-ca-file").find('%') == std::wstring::npos && f.get(L"tls-ca-file").size() > 10, "REG_EXPAND_SZ");
        f.set(L"chunk-size", L"256"); // the program's before both
        is(f, L"chunk-size", L"256");
        Bytes data = f.saved();
        std::string text(data.begin(), data.end());
        CHECK(text.find("stream-key") == std::string::npos && text.find("send-timeout") == std::string::npos, "what the registry gives is not copied into a graph");

        write(HKEY_CURRENT_USER, optionsKey, L"sendTimeout", 5000);
        Filter later;
        is(later, L"send-timeout", L"5000");
        is(f, L"send-timeout", L"3000");
        CHECK_HR(later.load(data), S_OK);
        is(later, L"chunk-size", L"256");
        is(later, L"send-timeout", L"5000");
    }
    write(HKEY_CURRENT_USER, logKey, L"TRACE", 6); // the log's own key before all
    write(HKEY_CURRENT_USER, optionsKey, L"trace", 4);
    {
        Filter f;
        is(f, L"trace", L"6");
    }
    clean();
}

static std::string contents(const char *path)
{
    std::string all;
    char part[4096];
    FILE *f = fopen(path, "rb");
    for (size_t n; f && (n = fread(part, 1, sizeof part, f)) > 0;)
        all.append(part, n);
    if (f)
        fclose(f);
    return all;
}

static void logFile()
{
    clean();
    const char *path = named("log");
    write(HKEY_CURRENT_USER, logKey, L"LogToFile", wide(path));
    write(HKEY_CURRENT_USER, logKey, L"TRACE", 9);
    write(HKEY_CURRENT_USER, optionsKey, L"chunkSize", L"a lot");
    {
        Stream one(at("live", "s3cret-key1")), two(at("live", "s3cret-key2"));
        one.set(L"username", L"me");
        one.set(L"password", L"pa55word");
        one.set(L"auth", L"on");
        one.set(L"connect-info", L"{\"token\":\"s3cret-key\"}");
        for (Stream *s : { &one, &two })
            s->run();
        for (Stream *s : { &one, &two }) {
            QUIET(s->connected(), "connected");
            s->feed(0, 10);
        }
        one.stop();
        two.feed(10, 20); // its log is open still
        two.stop();
    }
    clean();
    const std::string log = contents(path);
    CHECK(log.size() > 1000, "%u bytes of log", unsigned(log.size()));
    for (const char *level : { "level=WARN", "level=INFO", "level=DEBUG", "level=TRACE" })
        CHECK(log.find(level) != std::string::npos, "%s", level);
    CHECK(log.find("RTMPWriter\\\\chunkSize") != std::string::npos, "the wrong value in the registry, with its place");
    for (const char *secret : secrets)
        CHECK(log.find(secret) == std::string::npos, "no %s in the log", secret);
    Stream after(at("live", "after"));
    QUIET(after.options != nullptr, "a filter without a log");
    CHECK(contents(path) == log, "and nothing more is logged");
}

int main(int argc, char **argv)
{
    static const Section all[] = {
        { 228, "defaults in the registry", registry },
        { 229, "the log", logFile },
    };
    argc = splitArguments(argc, argv);
    return runSections("defaults", all, std::size(all), argc, argv);
}
