/*
  The rules inside Assay: few, and each so narrow that a match is hardly ever a mistake.
  A rule that is not a threat says what it is by `kind` in its meta: "suspicious" or "pua".
*/

rule EICAR_Test_File {
  meta:
    description = "The EICAR anti-malware test file: its 68 bytes, then nothing but white space up to 128 bytes"
    reference = "https://www.eicar.org/download-anti-malware-testfile/"
  strings:
    $eicar = { 58 35 4F 21 50 25 40 41 50 5B 34 5C 50 5A 58 35 34 28 50 5E 29 37 43 43 29 37 7D 24 45 49 43 41 52 2D 53 54 41 4E 44 41 52 44 2D 41 4E 54 49 56 49 52 55 53 2D 54 45 53 54 2D 46 49 4C 45 21 24 48 2B 48 2A }
  condition:
    $eicar at 0 and filesize <= 128 and
    (filesize == 68 or for all i in (68..filesize - 1) : (
      uint8(i) == 0x20 or uint8(i) == 0x09 or uint8(i) == 0x0A or uint8(i) == 0x0D or uint8(i) == 0x1A
    ))
}

rule PHP_Webshell_Evaluates_Request {
  meta:
    description = "PHP that runs what a request sends it, decoded or not"
  strings:
    $open = "<?"
    $run = /\b(eval|assert|system|passthru|shell_exec)\s{0,8}\(\s{0,8}@?((base64_decode|gzinflate|gzuncompress|str_rot13|stripslashes|urldecode)\s{0,8}\(\s{0,8}){0,4}\$_(POST|GET|REQUEST|COOKIE)\s{0,8}\[/
  condition:
    filesize < 100KB and $open in (0..64) and $run
}

rule JSP_Webshell_Executes_Request {
  meta:
    description = "JSP that runs a request's parameter as a command"
  strings:
    $open = "<%"
    $run = /Runtime\.getRuntime\(\)\.exec\(\s{0,8}request\.getParameter\(/
  condition:
    filesize < 100KB and $open in (0..256) and $run
}

rule ASP_Webshell_Evaluates_Request {
  meta:
    description = "ASP or ASP.NET of one line that runs what a request sends it"
  strings:
    $run = /<%\s{0,8}(eval|execute|executeglobal)[\s(]{1,8}request(\.item|\.form)?\s{0,8}[\[(]/ nocase
  condition:
    filesize < 100KB and $run in (0..512)
}

rule Shortcut_Runs_Hidden_PowerShell {
  meta:
    description = "A Windows shortcut that starts PowerShell with an encoded or downloaded script"
    kind = "suspicious"
  strings:
    $powershell = "powershell" wide ascii nocase
    $encoded = /-e(c|nc|ncodedcommand)?\s{1,4}[A-Za-z0-9+\/]{64}/ wide ascii nocase
    $decode = "FromBase64String" wide ascii nocase
    $download = "DownloadString(" wide ascii nocase
  condition:
    uint32be(0) == 0x4C000000 and uint32be(4) == 0x01140200 and $powershell and any of ($encoded, $decode, $download)
}

rule RTF_Loads_Equation_Editor {
  meta:
    description = "RTF that opens an embedded Equation Editor object by itself, as exploits of CVE-2017-11882 do"
    kind = "suspicious"
  strings:
    $class = "4571756174696f6e2e33" nocase
    $update = "\\objupdate"
  condition:
    uint32be(0) == 0x7B5C7274 and $class and $update
}

rule Mimikatz_Executable {
  meta:
    description = "The credential dumper mimikatz"
  strings:
    $author = "gentilkiwi (Benjamin DELPY)" wide
    $module = "sekurlsa" wide
    $command = "logonpasswords" wide nocase
  condition:
    uint16(0) == 0x5A4D and all of them
}

rule XMRig_Coin_Miner {
  meta:
    description = "The coin miner XMRig"
    kind = "pua"
  strings:
    $pool = "stratum+tcp://"
    $donation = "donate.v2.xmrig.com"
  condition:
    (uint16(0) == 0x5A4D or uint32be(0) == 0x7F454C46) and all of them
}
