//! Texts in other languages: no statement, speaker or date comes of words read as if they were English.

use crate::run::Run;
use serde_json::{Value, json};

/// Extracts from the whole text and from each of its ten sentences. What may be found is what needs no word of any language:
/// a quotation, the name before a colon that opens it, the year.
fn check(sentences: [&str; 10], colon: &str) {
    let run = Run::new();
    let whole = sentences.join(" ");
    let rows = sentences.iter().copied().chain([whole.as_str()]);
    let rows: Vec<String> =
        rows.map(|text| json!({"title": "T", "date": "2023-09-12", "text": text}).to_string()).collect();
    run.file("rows.jsonl", rows.join("\n"));
    let out = run.run(&["extract", "--format", "jsonl", "rows.jsonl"]).code(0).stdout;
    let articles: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(articles.len(), 11);
    for article in &articles {
        for statement in article["statements"].as_array().unwrap() {
            let speaker = &statement["speaker"];
            assert_eq!(statement["kind"], "direct", "{statement}");
            assert!(speaker.is_null() || speaker["name"] == colon, "{statement}");
        }
        for date in article["dates"].as_array().unwrap() {
            assert_eq!(date["value"], "2024", "{date}");
        }
    }
}

#[test]
fn german() {
    check(
        [
            "Der Finanzminister sagte am Dienstag, der Haushalt werde erst im Herbst vorgelegt.",
            "„Wir haben noch keine Einigung erzielt“, erklärte Jonas Brandt vor Journalisten in Kiel.",
            "„Das war so nicht geplant“, so die Sprecherin Maria Holtkamp.",
            "Nach Angaben der Polizei wurden drei Menschen verletzt.",
            "Brandt: „Es wird keine neuen Steuern geben.“",
            "Die Partei warf dem Minister vor, die Zahlen geschönt zu haben.",
            "„In drei Wochen wissen wir mehr“, sagte Holtkamp der „Küstenzeitung“.",
            "Der Bürgermeister von Husum, Erik Petersen, betonte, dass die Brücke im Mai 2024 wieder öffnen solle.",
            "Laut Petersen kostet der Umbau 12 Millionen Euro.",
            "„Was soll das?“, fragte ein Anwohner am Montag.",
        ],
        "Brandt",
    );
}

#[test]
fn french() {
    check(
        [
            "Le ministre des Transports a déclaré mardi que la ligne rouvrirait en mars 2024.",
            "« Nous n'avons rien caché », a affirmé Julie Marchand devant les députés.",
            "Selon la préfecture, quatre personnes ont été blessées.",
            "« C'est une question de volonté », explique le maire de Sète, Paul Renaud.",
            "D'après lui, les travaux coûteront 12 millions d'euros.",
            "Marchand : « Les habitants seront consultés. »",
            "Le porte-parole du gouvernement a assuré que l'accord serait signé lundi.",
            "« On attend toujours une réponse », soupire une riveraine.",
            "La compagnie a indiqué dans un communiqué avoir suspendu le service.",
            "« Cela ne peut pas durer », a-t-elle dit au Courrier du Port.",
        ],
        "Marchand",
    );
}

#[test]
fn spanish() {
    check(
        [
            "El ministro de Hacienda dijo el martes que el presupuesto se presentará en otoño.",
            "«No hemos ocultado nada», afirmó Lucía Robles ante los diputados.",
            "Según la policía, cuatro personas resultaron heridas.",
            "\"Es una cuestión de voluntad\", explicó el alcalde de Cádiz, Tomás Vega.",
            "La portavoz aseguró que el acuerdo se firmará el lunes.",
            "\"Esperamos una respuesta desde hace meses\", lamentó una vecina.",
            "Vega: \"No habrá nuevos impuestos\".",
            "La empresa indicó en un comunicado que suspende el servicio hasta mayo de 2024.",
            "De acuerdo con Robles, la obra costará 12 millones de euros.",
            "\"Esto no puede seguir así\", dijo a la Gaceta del Puerto.",
        ],
        "Vega",
    );
}

#[test]
fn russian() {
    check(
        [
            "Министр финансов заявил во вторник, что бюджет будет представлен осенью.",
            "«Мы ничего не скрывали», — сказала Анна Белова журналистам в Твери.",
            "По данным полиции, пострадали четыре человека.",
            "«Это вопрос воли», — пояснил мэр города Иван Орлов.",
            "По его словам, ремонт обойдётся в 12 миллионов рублей.",
            "Орлов: «Новых налогов не будет».",
            "Пресс-секретарь сообщила, что соглашение подпишут в понедельник.",
            "«Мы ждём ответа уже несколько месяцев», — пожаловалась жительница.",
            "Компания объявила о закрытии линии до мая 2024 года.",
            "\"Так больше продолжаться не может\", сказал он газете.",
        ],
        "Орлов",
    );
}

#[test]
fn chinese() {
    check(
        [
            "财政部长周二表示，预算将在秋季提交。",
            "“我们没有隐瞒任何事情，”林美华在台中对记者说。",
            "据警方称，有四人受伤。",
            "市长王志强解释说：“这是意愿问题。”",
            "他表示，工程将耗资一千二百万元。",
            "发言人称协议将于周一签署。",
            "“我们已经等了好几个月，”一位居民抱怨道。",
            "该公司宣布停运至2024年5月。",
            "林美华指出，不会有新的税收。\"",
            "这种情况不能再继续下去了\"，他对报纸说。",
        ],
        "王志强",
    );
}
